/*
 * Policies with bytes that are others, by the thousand:
 *
 *     npm run -s mutants -- --count 10000 --json
 */
import { parseArgs } from 'node:util';
import { runMutants } from './mutants.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean' },
  },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
const { ended, faults, worstMs } = runMutants(count, seed, (done) => {
  if (done % 500 === 0) process.stderr.write(`${done} of ${count}\n`);
});
const metrics = { 'mutants.count': count, 'mutants.faults': faults.length, 'mutants.worstMs': Math.round(worstMs) };
for (const fault of faults) process.stderr.write(`${fault}\n`);
const passed = faults.length === 0 ? 1 : 0;
process.stdout.write(
  values.json === true
    ? `${JSON.stringify({ suite: 'mutants', metrics, ended, passed, failed: 1 - passed })}\n`
    : `${count} mutants: ${faults.length} faults, the slowest in ${Math.round(worstMs)} ms\n`,
);
process.exitCode = 1 - passed;
