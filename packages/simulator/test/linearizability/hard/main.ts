/**
 * Judges hard histories and says, family by family, how many are decided.
 *
 *   npm run -s sim:histories -- --each 10 --seconds 8
 */
import { parseArgs } from 'node:util';
import { checkLinearizable, readHistory } from '../../../src/index.ts';
import { FAMILIES } from './families.ts';

const { values } = parseArgs({
  options: {
    each: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '8' },
    family: { type: 'string' },
    from: { type: 'string', default: '0' },
    verdicts: { type: 'boolean', default: false },
  },
});
for (const [name, make] of Object.entries(FAMILIES)) {
  if (values.family !== undefined && !name.startsWith(values.family)) continue;
  const verdicts: (boolean | null)[] = [];
  let slowest = 0;
  const first = Number(values.from);
  for (let number = first; number < first + Number(values.each); number += 1) {
    const history = readHistory(make(number));
    const started = process.cpuUsage().user;
    const isOver = (): boolean => process.cpuUsage().user - started > Number(values.seconds) * 1_000_000;
    const { linearizable } = checkLinearizable(history, { configurations: 4_000_000, isOver });
    slowest = Math.max(slowest, process.cpuUsage().user - started);
    verdicts.push(linearizable);
  }
  const of = (verdict: boolean | null): number => verdicts.filter((one) => one === verdict).length;
  console.log(
    `${name}: true ${of(true)}, false ${of(false)}, null ${of(null)}, slowest ${(slowest / 1e6).toFixed(2)} s`,
  );
  if (values.verdicts) console.log(verdicts.map((one) => (one === null ? '?' : one ? 't' : 'f')).join(''));
}
