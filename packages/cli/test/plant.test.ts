import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Plant, Plants } from '@canswarm/api';
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
const up = (...more: readonly string[]): Promise<unknown> =>
  promisify(execFile)(process.execPath, [BIN, 'up', '--detach', '--home', home, ...more]);

/** Looks again until something is there. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  const until = Date.now() + LONG_MS / 2;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error('it never came to that');
  }
}

/** Has all verifiers of the network judge with an engine from its next start on. */
function judgeWith(engine: string): void {
  const path = join(home, 'networks/local/nodes/local/node.json');
  const file = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly agents: { chainLength: unknown; evaluate: unknown }[];
  };
  for (const agent of file.agents) if (agent.chainLength !== null) agent.evaluate = engine;
  writeFileSync(path, JSON.stringify(file));
}

const over = (number: number): Promise<Plant> =>
  eventually(async () => {
    const one = await json<Plant>('plant', 'show', String(number));
    return one.over ? one : undefined;
  });

beforeAll(async () => {
  const root = mkdtempSync(join(tmpdir(), 'canswarm-plant-'));
  home = join(root, 'home');
  await up();
  const docs = join(root, 'docs');
  mkdirSync(docs);
  writeFileSync(join(docs, 'a.md'), '# Rain\n\nIt rains on Monday.\n\nThe sun shines on Tuesday.\n');
  const early = await run('plant', 'post');
  expect(early.exit).not.toBe(EXIT.ok);
  expect(early.err).toContain('no need has a final result yet');
  const posted = await json<{ readonly needId: string }>('need', 'post', docs, '--ask', 'When does it rain?', '--wait');
  need = posted.needId;
}, LONG_MS);
afterAll(async () => {
  await run('down');
  rmSync(join(home, '..'), { recursive: true, force: true });
}, LONG_MS);

it('seats that look fail what was planted; nobody is charged, and its credits come home', {
  timeout: LONG_MS,
}, async () => {
  const before = await json<{ readonly free: number }>('stake', 'show', 'local-requester');
  const { exit, out } = await run('plant', 'post');
  expect(exit).toBe(EXIT.ok);
  expect(out).toMatch(/^plant 1: it was judged fail, and opened$/m);
  expect(out).toMatch(/^wrong: (missing_citation|schema_violation) in output 0/m);
  const plant = await over(1);
  expect(plant).toMatchObject({ stage: 'settled', like: need, verdict: 'fail', opened: true });
  expect(plant.seats.filter(({ vote }) => vote === 'fail').length).toBeGreaterThanOrEqual(3);
  expect(plant.seats.every(({ slashed }) => slashed === 0)).toBe(true);
  const after = await json<{ readonly free: number }>('stake', 'show', 'local-requester');
  expect(plant.back).toBeGreaterThan(0);
  expect(before.free - after.free).toBeGreaterThanOrEqual(plant.sent - plant.back);
});

it('seats that pass it are charged; it goes on where a node that was stopped left it', {
  timeout: LONG_MS,
}, async () => {
  await run('down');
  judgeWith('lazy');
  await up();
  const begun = await json<Plant>('plant', 'post', '--like', need, '--no-wait');
  expect(begun).toMatchObject({ number: 2, verdict: null });
  await run('down');
  await up();
  const plant = await over(2);
  expect(plant).toMatchObject({ stage: 'settled', verdict: 'pass', opened: true });
  const passed = plant.seats.filter(({ vote }) => vote === 'pass');
  expect(passed.length).toBeGreaterThanOrEqual(3);
  expect(passed.every(({ slashed }) => slashed > 0)).toBe(true);
  const { plants } = await json<Plants>('plant', 'list');
  expect(plants.map(({ number }) => number)).toEqual([2, 1]);
  expect((await run('plant', 'show', '9')).err).toContain('no plant 9');
});

it('plants a part of what is settled by itself', { timeout: LONG_MS }, async () => {
  await run('down');
  judgeWith('check');
  await up('--plants-percent', '100');
  await run('need', 'post', join(home, '../docs'), '--ask', 'When does the sun shine?', '--wait');
  const { plants } = await eventually(async () => {
    const all = await json<Plants>('plant', 'list');
    return all.plants.length > 2 ? all : undefined;
  });
  const plant = await over(plants[0]?.number ?? 0);
  expect(plant).toMatchObject({ verdict: 'fail', opened: true });
});
