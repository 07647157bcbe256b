import { spawnSync } from 'node:child_process';

const MS_MAX = 300_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** Runs a program to its end and gives its standard output; throws with everything it said when it does not succeed. */
export function runProgram(program: string, args: readonly string[], cwd: string, env = process.env): string {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: MS_MAX,
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  if (status === 0) return stdout;
  const ended = error?.message ?? `it ended with code ${status ?? 'none'}`;
  throw new Error(`${program} ${args.join(' ')}: ${ended}\n${stdout ?? ''}${stderr ?? ''}`);
}
