import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Challenge, Challenges } from '@canswarm/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXIT, main } from '../src/index.ts';
import { fakeIo, lastJson } from './fake-io.ts';

const BIN = fileURLToPath(new URL('../bin/canswarm.ts', import.meta.url));
/** Longest start and life of a need on a busy machine, ms. */
const LONG_MS = 120_000;

let home = '';
let need = '';

async function run(...argv: readonly string[]) {
  const io = fakeIo();
  const exit = await main([...argv, '--home', home], io);
  return { exit, out: io.out.text, err: io.err.text, io };
}

const json = async <T>(...argv: readonly string[]): Promise<T> => lastJson((await run(...argv, '--json')).io) as T;

/** Looks again until something is there. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  const until = Date.now() + LONG_MS / 2;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error('it never came to that');
  }
}

beforeAll(async () => {
  const root = mkdtempSync(join(tmpdir(), 'canswarm-challenge-'));
  home = join(root, 'home');
  await promisify(execFile)(process.execPath, [BIN, 'up', '--arbiters', '3', '--detach', '--home', home]);
  const docs = join(root, 'docs');
  mkdirSync(docs);
  writeFileSync(join(docs, 'a.md'), '# Rain\n\nIt rains on Monday.\n\nThe sun shines on Tuesday.\n');
  const posted = await run('need', 'post', docs, '--ask', 'When does it rain?', '--json');
  need = (lastJson(posted.io) as { readonly needId: string }).needId;
}, LONG_MS);
afterAll(async () => {
  await run('down');
  rmSync(join(home, '..'), { recursive: true, force: true });
}, LONG_MS);

it('has a result decided by the arbiters of the network, from seal to last word', { timeout: LONG_MS }, async () => {
  await eventually(async () => {
    const { results } = await json<Challenges>('challenge', 'list');
    return results.find(({ needId, closesAt }) => needId === need && closesAt !== null);
  });
  const opened = await run('challenge', 'open', need, '--class', 'wrong_output', '--no-wait', '--json');
  expect(opened.err).toMatch(/^bond: [\d.]+ credits?, of local-requester$/m);
  const { id } = lastJson(opened.io) as Challenge;
  await eventually(async () => {
    const { instances } = await json<Challenge>('challenge', 'show', id);
    return instances[0]?.by === 'arbiters' ? true : undefined;
  });
  expect(await run('challenge', 'appeal', id)).toMatchObject({
    exit: EXIT.untrue,
    err: expect.stringContaining('no ruling of it is open to appeal'),
  });
  expect(await run('challenge', 'judge', id, 'uphold', '--by', 'verifier-01')).toMatchObject({
    exit: EXIT.untrue,
    err: expect.stringContaining('is none of the arbiters'),
  });
  const judge = (by: string) => run('challenge', 'judge', id.slice(-8), 'uphold', '--by', by, '--reason', 'too short');
  expect(await judge('arbiter-1')).toMatchObject({ exit: EXIT.ok, out: expect.stringContaining('says uphold') });
  expect(await judge('arbiter-1')).toMatchObject({ exit: EXIT.untrue, err: expect.stringContaining('already') });
  expect(await judge('arbiter-2')).toMatchObject({ exit: EXIT.ok });
  await eventually(async () =>
    (await json<Challenge>('challenge', 'show', id)).state === 'upheld' ? true : undefined,
  );
  const { out } = await run('challenge', 'show', id);
  expect(out).toMatch(/^instance 1, 3 arbiters: it says uphold$/m);
  expect(out).toMatch(/^ +arbiter-1: uphold; too short$/m);
  expect(out).toMatch(/^upheld: its bond came back/m);
  const { out: story } = await run('need', 'show', need);
  expect(story).toMatch(/instance 1: 3 arbiters to hear the challenge/);
  expect(story).toMatch(/instance 1 upholds the challenge, by 2 votes/);
  expect(await run('challenge', 'judge', id, 'dismiss', '--by', 'arbiter-3')).toMatchObject({
    exit: EXIT.untrue,
    err: expect.stringContaining('canswarm challenge show'),
  });
});

it.each([
  ['a need that is not there', ['open', 'qqqqqq', '--class', 'wrong_output'], EXIT.untrue, 'need'],
  ['a class that is none', ['open', 'qqqqqq', '--class', 'ugly'], EXIT.usage, 'wrong_output'],
  ['a challenge that is not there', ['show', 'qqqqqq'], EXIT.untrue, 'canswarm challenge list'],
] as const)('says what to do about %s', async (_, words, exit, why) => {
  expect(await run('challenge', ...words)).toMatchObject({ exit, err: expect.stringContaining(why) });
});
