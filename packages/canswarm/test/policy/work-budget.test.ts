import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { replay } from '../../src/audit/replay.ts';
import { buildPolicy } from '../../src/policy/build-policy.ts';
import { initPolicy } from '../../src/policy/init-policy.ts';
import { writeProof } from '../../src/proof/folder/write-proof.ts';
import { readLog } from '../../src/proof/read-log.ts';
import { network, type OpenNetwork } from '../../src/work/open-network.ts';
import { crypto } from '../proof/small-log.ts';
import agent from './model-agent.ts';

const LONG_MS = 300_000;
const place = mkdtempSync(join(tmpdir(), 'canswarm-budget-'));
let net: OpenNetwork;

beforeAll(async () => {
  const policy = join(place, 'policy');
  initPolicy(policy);
  const file = join(policy, 'parameters.json');
  const base = readFileSync(file, 'utf8');
  // The cases of the base policy have a model, so that it stays denied.
  const own = base.replace('"models": []', '"models": ["small-9"]').replace('"tokens": 0', '"tokens": 100');
  writeFileSync(file, own);
  writeFileSync(join(policy, 'cases.json'), '{"cases":[]}\n');
  await buildPolicy(policy, {});
  net = await network({ agents: [new URL('./model-agent.ts', import.meta.url)], policy });
}, LONG_MS);

afterAll(async () => {
  await net.close();
  rmSync(place, { recursive: true, force: true });
});

const SKILL = agent.skills['use-a-model'];

it(
  'work within its budget is committed with what it used, and whoever has the log judges it by the policy again',
  async () => {
    const work = await net.hire(SKILL, { model: 'small-9', tokens: 100 }, { budget: 3 });
    expect(await work.result()).toEqual({ done: true });
    const proof = join(place, 'proof');
    writeProof(proof, await work.proof());
    const log = readLog(proof, crypto);
    if (!log.ok) return expect.fail(log.detail);
    const used: unknown[] = [];
    const replayed = replay(log.genesis, log.entries, {
      crypto,
      onStep: ({ verb, accepted }) => void (verb === 'COMMIT' && used.push(accepted)),
    });
    expect([replayed.divergence, used]).toEqual([undefined, [true]]);
  },
  LONG_MS,
);

it.each([
  ['another model', { model: 'large-9', tokens: 1 }],
  ['more tokens', { model: 'small-9', tokens: 101 }],
])(
  'work with %s is given back, and not committed',
  async (_, input) => {
    const work = await net.hire(SKILL, input, { budget: 3 });
    const said: string[] = [];
    for await (const event of work) {
      if (event.type !== 'entry') continue;
      said.push(event.verb);
      if (event.verb === 'YIELD' || event.verb === 'COMMIT') break;
    }
    expect(said.at(-1)).toBe('YIELD');
    await work.cancel().catch(() => undefined);
  },
  LONG_MS,
);
