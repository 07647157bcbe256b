import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { endProcess, processesWith } from '../../src/servers/left-members.ts';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process that says when it runs, and how it ends. */
async function start(argument: string, onSigterm: string): Promise<ChildProcess> {
  const program = `process.on('SIGTERM', () => { ${onSigterm} }); setInterval(() => {}, 1000); console.log('runs')`;
  const child = spawn(process.execPath, ['-e', program, '--', argument], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

it.runIf(process.platform === 'linux')('finds processes by a whole argument, and lets them end in order', async () => {
  const argument = `--data-dir=/nowhere/${process.pid}/m1`;
  const own = await start(argument, 'process.exit(7)');
  await start(`${argument}0`, '');
  expect(processesWith(argument)).toEqual([own.pid]);
  const ended = once(own, 'exit');
  await endProcess(own.pid ?? 0);
  expect(await ended).toEqual([7, null]);
  expect(processesWith(argument)).toEqual([]);
  await endProcess(own.pid ?? 0);
});

it.runIf(process.platform === 'linux')('kills one that does not end', async () => {
  const argument = `--data-dir=/nowhere/${process.pid}/m2`;
  const own = await start(argument, '');
  const ended = once(own, 'exit');
  await endProcess(own.pid ?? 0, 200);
  expect(await ended).toEqual([null, 'SIGKILL']);
});
