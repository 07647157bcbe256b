import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

/** Runs .ci/run with a program called npm that runs `install` for `npm ci` and `test` for `npm test`. */
function ciRun(
  install: string,
  test: string,
): { readonly lastLine: string | undefined; readonly status: number | null } {
  const root = mkdtempSync(join(tmpdir(), 'canswarm-ci-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  cpSync(join(import.meta.dirname, '../../.ci'), join(root, 'clone/.ci'), { recursive: true });
  mkdirSync(join(root, 'bin'));
  const npm = join(root, 'bin/npm');
  writeFileSync(npm, `#!/usr/bin/env bash\nif [[ $1 == ci ]]; then\n${install}\nelse\n${test}\nfi\n`);
  chmodSync(npm, 0o755);
  const env = { ...process.env, PATH: `${join(root, 'bin')}${delimiter}${process.env['PATH'] ?? ''}` };
  const { stdout, status } = spawnSync(join(root, 'clone/.ci/run'), { env, encoding: 'utf8', input: '' });
  return { lastLine: stdout.trimEnd().split('\n').at(-1), status };
}

describe('.ci/run', () => {
  it.each([
    ['all passed', 'true', 'echo "7 passed, 0 failed"', '7 passed, 0 failed', 0],
    ['noise after the summary', 'true', 'echo "7 passed, 0 failed"; echo npm notice >&2', '7 passed, 0 failed', 0],
    ['some failed', 'true', 'echo "5 passed, 2 failed"; exit 1', '5 passed, 2 failed', 1],
    ['some failed but npm says 0', 'true', 'echo "5 passed, 2 failed"', '5 passed, 2 failed', 1],
    ['npm failed but no test did', 'true', 'echo "7 passed, 0 failed"; exit 9', '7 passed, 1 failed', 1],
    ['a killed test run', 'true', 'echo "3 passed"; kill -9 $$', '0 passed, 1 failed', 1],
    ['nothing tested', 'true', 'echo "0 passed, 0 failed"', '0 passed, 1 failed', 1],
    ['a failed install', 'echo "7 passed, 0 failed"; exit 1', 'true', '7 passed, 1 failed', 1],
    ['a test that reads standard input', 'true', 'cat; echo "7 passed, 0 failed"', '7 passed, 0 failed', 0],
    ['CI', 'true', '[[ $CI == true ]] && echo "7 passed, 0 failed"', '7 passed, 0 failed', 0],
  ])('%s', (_name, install, test, lastLine, status) => {
    expect(ciRun(install, test)).toEqual({ lastLine, status });
  });
});
