import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { askMember, ClusterDesk } from '../../src/servers/cluster-desk.ts';

const ENDED: readonly string[] = ['running.lock'];

function folderHere(): string {
  const folder = mkdtempSync(join(tmpdir(), 'canswarm-desk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A member that is no process. */
function member(name: string, number: number) {
  return {
    name,
    clientUrl: `http://127.0.0.1:${number}`,
    pid: number as number | null,
    start() {
      this.pid ??= number + 100;
    },
    async stop() {
      this.pid = null;
    },
  };
}

/** The desk of two members, at work. */
function desk(folder: string) {
  const members = [member('m1', 1), member('m2', 2)];
  const [ended, interrupt] = [[] as [string, boolean][], new AbortController()];
  const taken = ClusterDesk.take(folder);
  const over = taken.attend({ members }, interrupt.signal, (...told) => ended.push(told)).finally(() => taken.close());
  onTestFinished(() => interrupt.abort());
  return { members, ended, interrupt, over };
}

it('has members stopped and started as is asked, and tells which ended by themselves', async () => {
  const folder = folderHere();
  const { members, ended, interrupt, over } = desk(folder);
  await expect.poll(() => readdirSync(folder)).toContain('running.json');
  expect(await askMember(folder, 'm1', 'stop')).toEqual({ name: 'm1', pid: null, endpoint: 'http://127.0.0.1:1' });
  expect(await askMember(folder, 'm1', 'start')).toMatchObject({ name: 'm1', pid: 101 });
  for (const one of members.slice(1)) one.pid = null;
  await expect
    .poll(() => ended)
    .toEqual([
      ['m1', true],
      ['m2', false],
    ]);
  await expect(askMember(folder, 'm3', 'stop')).rejects.toMatchObject({ code: 'usage', hint: 'It has: m1, m2' });
  interrupt.abort();
  await over;
  expect(readdirSync(folder)).toEqual(ENDED);
});

it('is one at a time, and over with its last member', async () => {
  const folder = folderHere();
  await expect(askMember(folder, 'm1', 'start')).rejects.toMatchObject({ code: 'node_not_running' });
  const { over } = desk(folder);
  await expect.poll(() => readdirSync(folder)).toContain('running.json');
  expect(() => ClusterDesk.take(folder)).toThrow(/runs already: m1 process 1 .*, m2 process 2 /);
  await askMember(folder, 'm1', 'stop');
  expect(await askMember(folder, 'm2', 'stop')).toMatchObject({ name: 'm2', pid: null });
  await over;
  await expect(askMember(folder, 'm2', 'start')).rejects.toMatchObject({ code: 'node_not_running' });
});

it('does not heed what was asked of an earlier life', async () => {
  const folder = folderHere();
  writeFileSync(join(folder, 'm1.stop'), '');
  const { members, interrupt, over } = desk(folder);
  await expect.poll(() => readdirSync(folder)).toContain('running.json');
  expect(members[0]?.pid).toBe(1);
  interrupt.abort();
  await over;
});
