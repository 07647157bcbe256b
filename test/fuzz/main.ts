/**
 * The fuzz command. Progress goes to standard error; the last line of standard output is
 * `{ "suite", "metrics", "passed", "failed" }`; the exit code is 0 only when nothing failed. Needs `--expose-gc`.
 *
 *   npm run -s fuzz -- --json
 */
import { runSuite } from '../e2e/suite.ts';
import { fuzz } from './fuzz.ts';

const { suite, metrics, passed, failed } = await runSuite(
  fuzz,
  process.argv.includes('--slice') ? 'slice' : 'full',
  (line) => console.error(line),
);
console.log(JSON.stringify({ suite, metrics, passed, failed }));
process.exitCode = failed === 0 ? 0 : 1;
