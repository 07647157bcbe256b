/**
 * The benchmark command. Compared quantities are measured in the same run; ratios are what counts on a shared machine.
 * Progress goes to standard error; the last line of standard output is `{ "suite", "metrics", "passed", "failed" }`.
 *
 *   npm run -s bench -- spine --json
 *   npm run -s bench -- spine verify replay --json
 *   npm run -s bench -- bus --json
 *   npm run -s bench -- agents --json
 *   npm run -s bench -- kernel --json
 *   npm run -s bench -- sim --json
 *   npm run -s bench -- policy --json
 *   npm run -s bench -- etcd --json
 */
import { agents } from './agents/suite.ts';
import { bus } from './bus/suite.ts';
import { etcd } from './etcd/suite.ts';
import { kernel } from './kernel/suite.ts';
import { policy } from './policy/suite.ts';
import { sim } from './sim/suite.ts';
import { spine } from './spine/suite.ts';

const SUITES = new Map([
  ['spine', spine],
  ['bus', bus],
  ['agents', agents],
  ['kernel', kernel],
  ['sim', sim],
  ['policy', policy],
  ['etcd', etcd],
]);
const args = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const [name = 'spine', ...parts] = args;
const suite = SUITES.get(name);
if (suite === undefined) {
  console.error(`no suite ${name}; there are ${[...SUITES.keys()].join(', ')}`);
  process.exit(2);
}
const { metrics, targets } = await suite(parts, (line) => console.error(line));
let passed = 0;
let failed = 0;
for (const [metric, target] of Object.entries(targets)) {
  const value = metrics[metric];
  if (value === undefined) continue;
  const [reached, bound] =
    'least' in target
      ? [value >= target.least, `at least ${target.least}`]
      : [value <= target.most, `at most ${target.most}`];
  if (reached) passed += 1;
  else failed += 1;
  console.error(`${reached ? 'reached' : 'missed '} ${metric}: ${value} (target ${bound})`);
}
console.log(JSON.stringify({ suite: name, metrics, passed, failed }));
process.exit(failed === 0 ? 0 : 1);
