import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plant, Plants, PolicyTaken } from '@canswarm/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXIT, main } from '../src/index.ts';
import { fakeIo } from './fake-io.ts';
import { eventually, HomeNetwork, LONG_MS } from './home-network.ts';

const network = new HomeNetwork('plant');
let need = '';

/** Has all verifiers of the network judge with an engine from its next start on. */
function judgeWith(engine: string): void {
  const path = join(network.home, 'networks/local/nodes/local/node.json');
  const file = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly agents: { chainLength: unknown; evaluate: unknown }[];
  };
  for (const agent of file.agents) if (agent.chainLength !== null) agent.evaluate = engine;
  writeFileSync(path, JSON.stringify(file));
}

/** What may be told while a plant is waited for, in this order; who looks now and then may miss a stage. */
const ON_THE_WAY = [
  'its keys get credits',
  'its need is posted and takes bids',
  'its worker is hired',
  'its seats judge what is wrong',
  'it was judged fail',
];

const over = (number: number): Promise<Plant> =>
  eventually(async () => {
    const one = await network.json<Plant>('plant', 'show', String(number));
    return one.over ? one : undefined;
  });

beforeAll(async () => {
  await network.up();
  const early = await network.run('plant', 'post');
  expect(early.exit).not.toBe(EXIT.ok);
  expect(early.err).toContain('no need has a final result yet');
  const about = ['--ask', 'When does it rain?', '--wait'];
  need = (await network.json<{ readonly needId: string }>('need', 'post', network.docs, ...about)).needId;
}, LONG_MS);
afterAll(() => network.remove(), LONG_MS);

it('seats that look fail what was planted; nobody is charged, and its credits come home', {
  timeout: LONG_MS,
}, async () => {
  const before = await network.json<{ readonly free: number }>('stake', 'show', 'local-requester');
  const { exit, out, err } = await network.run('plant', 'post');
  expect(exit).toBe(EXIT.ok);
  expect(out).toMatch(/^plant 1: it was judged fail, and opened$/m);
  const told = (err.match(/(?<=^plant 1: ).*$/gm) ?? []).map((line) => ON_THE_WAY.indexOf(line));
  expect(told.length).toBeGreaterThan(0);
  expect(told).not.toContain(-1);
  expect(told).toEqual([...new Set(told)].sort());
  // The policy of the network counts citations: without one the plant would fail before a seat looks at it.
  expect(out).toMatch(/^wrong: schema_violation in output 0/m);
  const plant = await over(1);
  expect(plant).toMatchObject({ stage: 'settled', like: need, verdict: 'fail', opened: true });
  expect(plant.seats.filter(({ vote }) => vote === 'fail').length).toBeGreaterThanOrEqual(3);
  expect(plant.seats.every(({ slashed }) => slashed === 0)).toBe(true);
  const after = await network.json<{ readonly free: number }>('stake', 'show', 'local-requester');
  expect(plant.back).toBeGreaterThan(0);
  expect(before.free - after.free).toBeGreaterThanOrEqual(plant.sent - plant.back);
});

it('credits that reach the key of a plant when it is over come home too', { timeout: LONG_MS }, async () => {
  const { requester, sent, back } = await network.json<Plant>('plant', 'show', '1');
  const { exit } = await network.run('pay', 'send', 'local-requester', requester, '2');
  expect(exit).toBe(EXIT.ok);
  const later = await eventually(async () => {
    const one = await network.json<Plant>('plant', 'show', '1');
    return one.over && one.back > back ? one : undefined;
  });
  expect(later).toMatchObject({ stage: 'settled', sent: sent + 2_000_000 });
});

it('seats that pass it are charged; it goes on where a node that was stopped left it', {
  timeout: LONG_MS,
}, async () => {
  await network.run('down');
  judgeWith('lazy');
  await network.up();
  const begun = await network.json<Plant>('plant', 'post', '--like', need, '--no-wait');
  expect(begun).toMatchObject({ number: 2, verdict: null });
  await network.run('down');
  await network.up();
  const plant = await over(2);
  expect(plant).toMatchObject({ stage: 'settled', verdict: 'pass', opened: true });
  const passed = plant.seats.filter(({ vote }) => vote === 'pass');
  expect(passed.length).toBeGreaterThanOrEqual(3);
  expect(passed.every(({ slashed }) => slashed > 0)).toBe(true);
  const { plants } = await network.json<Plants>('plant', 'list');
  expect(plants.map(({ number }) => number)).toEqual([2, 1]);
  expect((await network.run('plant', 'show', '9')).err).toContain('no plant 9');
});

it('plants a part of what is settled by itself', { timeout: LONG_MS }, async () => {
  await network.run('down');
  judgeWith('check');
  await network.up('--plants-percent', '100');
  await network.run('need', 'post', network.docs, '--ask', 'When does the sun shine?', '--wait');
  const { plants } = await eventually(async () => {
    const all = await network.json<Plants>('plant', 'list');
    return all.plants.length > 2 ? all : undefined;
  });
  const plant = await over(plants[0]?.number ?? 0);
  expect(plant).toMatchObject({ verdict: 'fail', opened: true });
});

it('is refused and costs nothing where the policy of the network has zones, which fresh keys have not', {
  timeout: LONG_MS,
}, async () => {
  const folder = join(network.root, 'zones');
  const built = async (...words: readonly string[]): Promise<void> =>
    expect(await main(['policy', ...words], fakeIo())).toBe(EXIT.ok);
  await built('init', folder);
  for (const [file, from, to] of [
    ['parameters.json', '"workers": {}', '"workers": { "brief": ["us", "ap"] }'],
    ['cases.json', /"eu-north"/g, '"us"'],
  ] as const)
    writeFileSync(join(folder, file), readFileSync(join(folder, file), 'utf8').replace(from, to));
  await built('build', folder);
  await network.run('key', 'new', 'author', '--no-passphrase');
  await network.run('policy', 'sign', folder, '--key', 'author');
  const published = await network.json<PolicyTaken>('policy', 'publish', folder);
  expect(published).toMatchObject({ epoch: 2, id: expect.any(String) });
  const again = await network.run('policy', 'publish', folder);
  expect(again).toMatchObject({ exit: EXIT.ok, out: expect.stringMatching(/^This policy holds already, since entry/) });
  expect(await network.json<PolicyTaken>('policy', 'publish', folder)).toEqual({ ...published, id: null });

  const before = await network.json<Plants>('plant', 'list');
  const { exit, err } = await network.run('plant', 'post', '--like', need);
  expect([exit, err]).toEqual([
    EXIT.untrue,
    expect.stringMatching(/denies COMMIT: zones: .*unverified[\s\S]*Nothing was paid/),
  ]);
  expect(await network.json<Plants>('plant', 'list')).toMatchObject({ plants: { length: before.plants.length } });
});
