import type { Challenge, Challenges } from '@canswarm/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXIT } from '../src/index.ts';
import { lastJson } from './fake-io.ts';
import { eventually, HomeNetwork, LONG_MS } from './home-network.ts';

const network = new HomeNetwork('challenge');
let need = '';

beforeAll(async () => {
  await network.up('--arbiters', '3');
  const posted = await network.run('need', 'post', network.docs, '--ask', 'When does it rain?', '--json');
  need = (lastJson(posted.io) as { readonly needId: string }).needId;
}, LONG_MS);
afterAll(() => network.remove(), LONG_MS);

it('has a result decided by the arbiters of the network, from seal to last word', { timeout: LONG_MS }, async () => {
  await eventually(async () => {
    const { results } = await network.json<Challenges>('challenge', 'list');
    return results.find(({ needId, closesAt }) => needId === need && closesAt !== null);
  });
  const opened = await network.run('challenge', 'open', need, '--class', 'wrong_output', '--no-wait', '--json');
  expect(opened.err).toMatch(/^bond: [\d.]+ credits?, of local-requester$/m);
  const { id } = lastJson(opened.io) as Challenge;
  await eventually(async () => {
    const { instances } = await network.json<Challenge>('challenge', 'show', id);
    return instances[0]?.by === 'arbiters' ? true : undefined;
  });
  expect(await network.run('challenge', 'appeal', id)).toMatchObject({
    exit: EXIT.untrue,
    err: expect.stringContaining('no ruling of it is open to appeal'),
  });
  expect(await network.run('challenge', 'judge', id, 'uphold', '--by', 'verifier-01')).toMatchObject({
    exit: EXIT.untrue,
    err: expect.stringContaining('is none of the arbiters'),
  });
  const judge = (by: string) =>
    network.run('challenge', 'judge', id.slice(-8), 'uphold', '--by', by, '--reason', 'too short');
  expect(await judge('arbiter-1')).toMatchObject({ exit: EXIT.ok, out: expect.stringContaining('says uphold') });
  expect(await judge('arbiter-1')).toMatchObject({ exit: EXIT.untrue, err: expect.stringContaining('already') });
  expect(await judge('arbiter-2')).toMatchObject({ exit: EXIT.ok });
  await eventually(async () =>
    (await network.json<Challenge>('challenge', 'show', id)).state === 'upheld' ? true : undefined,
  );
  const { out } = await network.run('challenge', 'show', id);
  expect(out).toMatch(/^instance 1, 3 arbiters: it says uphold$/m);
  expect(out).toMatch(/^ +arbiter-1: uphold; too short$/m);
  expect(out).toMatch(/^upheld: its bond came back/m);
  const { out: story } = await network.run('need', 'show', need);
  expect(story).toMatch(/instance 1: 3 arbiters to hear the challenge/);
  expect(story).toMatch(/instance 1 upholds the challenge, by 2 votes/);
  expect(await network.run('challenge', 'judge', id, 'dismiss', '--by', 'arbiter-3')).toMatchObject({
    exit: EXIT.untrue,
    err: expect.stringContaining('canswarm challenge show'),
  });
});

it.each([
  ['a need that is not there', ['open', 'qqqqqq', '--class', 'wrong_output'], EXIT.untrue, 'need'],
  ['a class that is none', ['open', 'qqqqqq', '--class', 'ugly'], EXIT.usage, 'wrong_output'],
  ['a challenge that is not there', ['show', 'qqqqqq'], EXIT.untrue, 'canswarm challenge list'],
] as const)('says what to do about %s', async (_, words, exit, why) => {
  expect(await network.run('challenge', ...words)).toMatchObject({ exit, err: expect.stringContaining(why) });
});
