/**
 * The e2e command: the suites at full size, or those named. Progress goes to standard error; the last line of standard
 * output is `{ "suite", "metrics", "passed", "failed" }`; the exit code is 0 only when nothing failed.
 *
 *   npm run -s e2e -- --json
 *   npm run -s e2e:removal -- --json
 */
import { type Outcome, runSuite, type Size } from './suite.ts';
import { suites } from './suites.ts';

const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith('--'));
const size: Size = args.includes('--slice') ? 'slice' : 'full';
const unknown = names.find((name) => !suites.some((suite) => suite.name === name));
if (unknown !== undefined) {
  console.error(`no suite ${unknown}; there are ${suites.map((suite) => suite.name).join(', ')}`);
  process.exit(2);
}
const chosen = names.length === 0 ? suites : suites.filter((suite) => names.includes(suite.name));
const outcomes: Outcome[] = [];
for (const suite of chosen) outcomes.push(await runSuite(suite, size, (line) => console.error(line)));
const [only] = outcomes;
const whole = outcomes.length === 1 && only !== undefined;
const metrics = whole
  ? only.metrics
  : Object.fromEntries(
      outcomes.flatMap(({ suite, metrics: own }) =>
        Object.entries(own).map(([name, value]) => [`${suite}.${name}`, value]),
      ),
    );
const sum = (part: 'passed' | 'failed'): number => outcomes.reduce((total, outcome) => total + outcome[part], 0);
const failed = sum('failed');
console.log(JSON.stringify({ suite: whole ? only.suite : 'e2e', metrics, passed: sum('passed'), failed }));
process.exitCode = failed === 0 ? 0 : 1;
