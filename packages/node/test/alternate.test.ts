import { alternateKey, createState, type Need, type State, speculationKey, workKey } from '@canswarm/kernel';
import { sodiumCrypto, softwareSigner, systemClock } from '@canswarm/local';
import { memoryContent, memoryMeter, memoryStore } from '@canswarm/memory';
import type { ContentStore, SkillRunner } from '@canswarm/ports';
import {
  asEnvelopeId,
  asNeedId,
  buildRecord,
  buildTree,
  cidOf,
  type Genesis,
  presetParams,
  utf8,
} from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { Actor } from '../src/actor.ts';
import type { Identity } from '../src/identity.ts';
import type { Outbox } from '../src/outbox.ts';
import { type Made, SkillDesk } from '../src/skill-desk.ts';
import { Speculation } from '../src/speculation.ts';
import { Workbench } from '../src/workbench.ts';
import { sendingOn } from './support/sending.ts';

const crypto = sodiumCrypto();
const { sha256 } = crypto;
const clock = systemClock();
const signer = softwareSigner(new Uint8Array(32).fill(1));
const identity = { signer, engines: { execute: 'engine' } } as Identity;
const nameOf = (text: string) => cidOf(utf8(text), 'dag-cbor', sha256);
const [id, bid, trace] = [asNeedId(nameOf('need')), asEnvelopeId(nameOf('bid')), nameOf('trace')];

const record = buildRecord({ text: 'made' }, sha256);
const tree = buildTree([{ key: 'text', cid: record.cid, leaves: 1, size: record.size }], sha256);
const use = { tokens: 5, models: ['m'], tools: [], egress: [] };
const made: Made = {
  kind: 'outputs',
  outputs: [tree.ref],
  telemetry: { wallMs: 7, bytesRead: 2, bytesWritten: 3, use },
  trace,
  stated: null,
};

const genesis: Genesis = {
  v: 1,
  kind: 'genesis',
  name: 'healed',
  time: 1_800_000_000_000,
  incarnation: 1,
  rulesVersion: 1,
  epoch: 1,
  authority: signer.did,
  supplyCap: 1_000_000,
  params: presetParams('dev'),
  accounts: [{ did: signer.did, free: 1_000_000, stake: 0 }],
  members: [],
  arbiters: [],
};

/** As far as the bench looks at it: held by this key, in its second attempt, with what it made before on record. */
const heldNeed = (): Need =>
  ({
    id,
    parent: null,
    attempt: 2,
    body: {
      skill: 'quote',
      goal: null,
      acceptance: nameOf('acceptance'),
      inputs: [],
      windows: { leaseMs: 1 },
      deadlineMs: 1,
    },
    inputs: [],
    lease: { attempt: 2, bid: { worker: signer.did, workerPrice: 1 } },
    alternates: [{ id: bid, worker: signer.did, bid, outputs: [tree.ref] }],
  }) as unknown as Need;

/** One life of a node: what it has in memory is gone with it. */
function lifeOn(state: State, outbox: Outbox, content: ContentStore) {
  const [ends, jobs]: [string[], string[]] = [[], []];
  const run: SkillRunner['run'] = ({ action }) => {
    jobs.push(action);
    return new Promise(() => undefined);
  };
  const desk = new SkillDesk({
    runner: { run, close: async () => undefined },
    clock,
    onEnd: (_, key, ended) => ends.push(`${key} ${ended}`),
    onProgress: () => undefined,
    onLine: () => undefined,
  });
  const view = { noteWork: () => undefined, noteSigned: () => undefined } as never;
  const speculation = new Speculation({ sha256, meter: memoryMeter(), onStep: () => undefined });
  // No need of these tests has a policy.
  const needGate = { pass: (_did: unknown, _need: unknown, _said: unknown, say: () => void) => say() } as never;
  const about = { state, view, desk, content, clock, crypto, outbox, needGate };
  const bench = new Workbench({ ...about, speculation });
  return { desk, bench, ends, jobs, speculation, actor: new Actor({ ...about, bench } as never) };
}

/** All that memory has is there by then. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A node that said what it made and was started anew, and how it takes up the task. */
async function restarted({ isHad = true, isKept = true }) {
  const state = createState(genesis, sha256);
  const need = heldNeed();
  state.needs.set(id, need);
  const content = memoryContent(sha256);
  if (isHad) await content.putBlocks([record, ...tree.blocks]);
  const store = memoryStore();
  if (isKept) {
    const { outbox } = sendingOn(state, { store });
    const { desk, actor } = lifeOn(state, outbox, content);
    desk.keep(id, speculationKey(id, signer.did), made);
    actor.own(identity, { key: alternateKey(id, signer.did), type: 'alternate', need: id, bid });
    await turn();
    await outbox.close();
  }
  const { outbox } = sendingOn(state, { store });
  const life = lifeOn(state, outbox, content);
  return { ...life, state, need, key: workKey(id, 2) };
}

describe('what a worker said that it made', () => {
  it('is handed in after a restart with all that its work took', async () => {
    const { bench, desk, need, key, jobs, ends } = await restarted({});
    bench.execute(identity, need, 2);
    await turn();
    expect(desk.made(key)).toEqual(made);
    expect([ends, jobs]).toEqual([[`${key} done`], []]);
  });

  it.each([
    ['its blocks cannot be had', { isHad: false }],
    ['what it took is not known', { isKept: false }],
  ])('is made anew where %s', async (_, lacking) => {
    const { bench, desk, need, key, jobs } = await restarted(lacking);
    bench.execute(identity, need, 2);
    await turn();
    expect([desk.made(key), jobs]).toEqual([undefined, ['execute']]);
  });

  it.each([
    ['the need is settled', (state: State, _: Need) => void state.needs.delete(id)],
    ['the task is open', (_: State, need: Need) => Object.assign(need, { lease: null })],
    ['it is in another attempt', (_: State, need: Need) => Object.assign(need.lease ?? {}, { attempt: 3 })],
  ])('is neither handed in nor made anew where %s once its blocks were looked for', async (_, change) => {
    for (const isHad of [true, false]) {
      const { bench, desk, state, need, key, jobs, ends, speculation } = await restarted({ isHad });
      bench.execute(identity, need, 2);
      change(state, need);
      await turn();
      expect([desk.made(key), jobs, ends, speculation.figures.open]).toEqual([undefined, [], [], 0]);
    }
  });
});
