import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXIT, main } from '../src/index.ts';
import { fakeIo, lastJson } from './fake-io.ts';
import { HomeNetwork, LONG_MS } from './home-network.ts';

const network = new HomeNetwork('need-policy');
const ASK = ['--ask', 'When does it rain?'] as const;
let folder = '';
let capsule = '';

/** Builds the base policy with something else in its parameters. */
async function built(name: string, from: string | RegExp, to: string): Promise<string> {
  const place = join(network.root, name);
  expect(await main(['policy', 'init', place], fakeIo())).toBe(EXIT.ok);
  writeFileSync(join(place, 'cases.json'), '{"cases":[]}\n');
  const file = join(place, 'parameters.json');
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, before.replace(from, to));
  expect(readFileSync(file, 'utf8')).not.toBe(before);
  const io = fakeIo();
  expect(await main(['policy', 'build', place, '--json'], io)).toBe(EXIT.ok);
  ({ cid: capsule } = lastJson(io) as { readonly cid: string });
  return place;
}

beforeAll(async () => {
  await network.up('--policy', 'none');
  folder = await built('in-us', '"workers": {}', '"workers": { "brief": ["us", "ap"] }');
}, LONG_MS);
afterAll(() => network.remove(), LONG_MS);

it('a need is done under a policy of its own, in a network that has none', { timeout: LONG_MS }, async () => {
  const posted = await network.run('need', 'post', network.docs, ...ASK, '--policy', folder, '--wait', '--json');
  expect([posted.exit, posted.err]).toEqual([EXIT.ok, expect.stringContaining('need ')]);
  const { needId } = lastJson(posted.io) as { readonly needId: string };
  expect(await network.json('need', 'show', needId)).toMatchObject({ policy: { capsule, name: 'base' } });
  expect((await network.run('need', 'show', needId)).out).toMatch(new RegExp(`^policy base\\n\\s+${capsule}$`, 'm'));
});

it('nobody bids whom it denies, and the log of their node says by which rule', { timeout: LONG_MS }, async () => {
  const far = await built('in-eu', '"workers": {}', '"workers": { "brief": ["eu"] }');
  const { exit, err } = await network.run('need', 'post', network.docs, ...ASK, '--policy', far, '--wait');
  expect(exit).toBe(EXIT.untrue);
  expect(err + (await network.run('logs')).out).toMatch(/the policy of the need denies PROPOSE: zones: /);
});

it('is not posted where its policy denies it, or is none that a need may have', { timeout: LONG_MS }, async () => {
  const dear = await built('cheap', /"brief": \{ "cap": [0-9]*/, '"brief": { "cap": 1000000');
  const denied = await network.run('need', 'post', network.docs, ...ASK, '--policy', dear);
  expect([denied.exit, denied.err]).toEqual([
    EXIT.untrue,
    expect.stringMatching(/the policy of the need denies NEED: prices: price_cap_too_high[\s\S]*Nothing was sent/),
  ]);
  const nowhere = await network.run('need', 'post', network.docs, ...ASK, '--policy', join(network.root, 'none'));
  expect([nowhere.exit, nowhere.err]).toEqual([EXIT.usage, expect.stringContaining('capsule.json')]);
  const settings = join(dear, 'policy.json');
  writeFileSync(settings, readFileSync(settings, 'utf8').replace('"gas": 50000000', '"gas": 100000001'));
  expect(await main(['policy', 'build', dear], fakeIo())).toBe(EXIT.ok);
  const large = await network.run('need', 'post', network.docs, ...ASK, '--policy', dear);
  expect([large.exit, large.err]).toEqual([EXIT.untrue, expect.stringContaining('has 100000001 gas')]);
});
