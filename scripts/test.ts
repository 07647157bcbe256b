/**
 * The test command: the checks (types, lint, tidy, imports, unused), each counted as one test, then Vitest.
 * The last line of standard output is `N passed, N failed`; the exit code is 0 only when nothing failed.
 *
 *   npm test                      everything
 *   npm test -- packages/kernel   the checks, and the test files whose path contains this
 *   npm run check                 the checks only
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addTallies, emptyTally, summaryLine, type Tally, tallyVitest } from './testing/tally.ts';

const checks = ['types', 'lint', 'tidy', 'imports', 'unused'];

/** Runs a program with the terminal's output and no input; its exit code, or 1 when it did not run or was killed. */
function run(program: string, args: readonly string[]): number {
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) console.error(`${program}: ${error.message}`);
  return status ?? 1;
}

function runCheck(name: string): Tally {
  const passed = run('npm', ['run', '--silent', name]) === 0;
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}`);
  return passed ? { ...emptyTally, passed: 1 } : { ...emptyTally, failed: 1 };
}

function runVitest(filters: readonly string[]): Tally {
  const folder = mkdtempSync(join(tmpdir(), 'canswarm-test-'));
  try {
    const output = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`];
    const exitCode = run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...filters]);
    return tallyVitest(readReport(output), exitCode);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The report, or undefined when Vitest ended without writing a readable one: the tally then counts a failure. */
function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    console.error(`no test report: ${String(error)}`);
    return undefined;
  }
}

const args = process.argv.slice(2);
let tally = emptyTally;
for (const name of checks) tally = addTallies(tally, runCheck(name));
if (!args.includes('--checks-only')) tally = addTallies(tally, runVitest(args));
if (tally.skipped > 0) console.log(`${tally.skipped} skipped`);
console.log(summaryLine(tally));
process.exitCode = tally.failed > 0 ? 1 : 0;
