import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPolicy } from '../../src/policy/build-policy.ts';
import { initPolicy } from '../../src/policy/init-policy.ts';
import { ownPolicy } from '../../src/policy/own-policy.ts';
import { network, type OpenNetwork } from '../../src/work/open-network.ts';
import agent from './model-agent.ts';

const LONG_MS = 300_000;
const SKILL = agent.skills['use-a-model'];
const place = mkdtempSync(join(tmpdir(), 'canswarm-need-budget-'));
let net: OpenNetwork;

beforeAll(async () => {
  initPolicy(place);
  const file = join(place, 'parameters.json');
  const base = readFileSync(file, 'utf8');
  writeFileSync(file, base.replace('"models": []', '"models": ["small-9"]').replace('"tokens": 0', '"tokens": 100'));
  writeFileSync(join(place, 'cases.json'), '{"cases":[]}\n');
  await buildPolicy(place, {});
  net = await network({ agents: [new URL('./model-agent.ts', import.meta.url)] });
}, LONG_MS);

afterAll(async () => {
  await net.close();
  rmSync(place, { recursive: true, force: true });
});

it(
  'work is hired under a policy of its own, in a network that has none',
  async () => {
    const work = await net.hire(SKILL, { model: 'small-9', tokens: 100 }, { budget: 3, policy: ownPolicy(place) });
    expect(await work.result()).toEqual({ done: true });
  },
  LONG_MS,
);

it(
  'work that it denies is given back, for the reason that the log has, and not committed',
  async () => {
    const work = await net.hire(SKILL, { model: 'large-9', tokens: 1 }, { budget: 3, policy: ownPolicy(place) });
    const said: string[] = [];
    let why: readonly string[] = [];
    for await (const event of work) {
      if (event.type !== 'entry') continue;
      said.push(event.verb);
      why = event.reasons;
      if (event.verb === 'YIELD' || event.verb === 'COMMIT') break;
    }
    expect([said.at(-1), why.join()]).toEqual([
      'YIELD',
      expect.stringContaining('the policy of the need denies COMMIT: tools: model_not_allowed'),
    ]);
    await work.cancel().catch(() => undefined);
  },
  LONG_MS,
);
