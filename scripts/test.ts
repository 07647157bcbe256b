/**
 * The test command: the checks (types, lint, tidy, imports, unused), each counted as one test, then Vitest.
 * The last line of standard output is `N passed, N failed`; the exit code is 0 only when nothing failed.
 *
 *   npm test                      everything
 *   npm test -- packages/kernel   the checks, and the test files whose path contains this
 *   npm run check                 the checks only
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addTallies,
  emptyTally,
  failuresOf,
  retriedOf,
  summaryLine,
  type Tally,
  tallyVitest,
} from './testing/tally.ts';

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

const VITEST = ['node_modules/vitest/vitest.mjs', 'run'];
const reportTo = (path: string): string[] => ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`];

/**
 * Runs all tests. Those that run nodes wait most of the time; those that only compute take what is left of the machine meanwhile, at the
 * lowest priority, so that nothing that is due at a time is late by them. What they print comes last.
 */
async function runAllTests(): Promise<Tally> {
  return inFolder(async (folder) => {
    const [computed, words] = [join(folder, 'computing.json'), join(folder, 'computing.txt')];
    const out = openSync(words, 'a');
    const background = ['-n', '19', process.execPath, ...VITEST, '--project=computing', ...reportTo(computed)];
    const computing = once(spawn('nice', background, { stdio: ['ignore', out, out] }), 'exit');
    closeSync(out);
    const ran = join(folder, 'running.json');
    const ranCode = run(process.execPath, [...VITEST, '--project=running', ...reportTo(ran)]);
    const [computedCode] = (await computing) as [number | null];
    process.stdout.write(readFileSync(words, 'utf8'));
    return addTallies(tallyOf(ran, ranCode), tallyOf(computed, computedCode ?? 1));
  });
}

/** Runs the test files whose path contains one of these. */
const runTests = (filters: readonly string[]): Promise<Tally> =>
  inFolder(async (folder) => {
    const report = join(folder, 'report.json');
    const exitCode = run(process.execPath, [...VITEST, ...reportTo(report), ...filters]);
    return tallyOf(report, exitCode);
  });

const remarks: string[] = [];

function tallyOf(path: string, exitCode: number): Tally {
  const report = readReport(path);
  remarks.push(...retriedOf(report).map((text) => `passed at its second try ${text}`));
  remarks.push(...failuresOf(report).map((text) => `FAIL ${text}`));
  return tallyVitest(report, exitCode);
}

async function inFolder<T>(task: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'canswarm-test-'));
  try {
    return await task(folder);
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
if (!args.includes('--checks-only'))
  tally = addTallies(tally, args.length === 0 ? await runAllTests() : await runTests(args));
for (const remark of remarks) console.log(remark.replace(`${process.cwd()}/`, ''));
if (tally.skipped > 0) console.log(`${tally.skipped} skipped`);
console.log(summaryLine(tally));
process.exitCode = tally.failed > 0 ? 1 : 0;
