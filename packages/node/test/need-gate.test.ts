import type { Need, State } from '@canswarm/kernel';
import { nodeCrypto } from '@canswarm/local';
import { memoryContent, virtualClock } from '@canswarm/memory';
import { type PolicyEngine, PolicyError } from '@canswarm/ports';
import { type Cid, type Did, encodeCapsule, type NeedId, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { NeedGate } from '../src/need-gate.ts';
import type { Said } from '../src/outbox.ts';

const { sha256 } = nodeCrypto();
const WORKER = 'did:key:z6Mkon3Necd6NkkyfoGoHxid2znGc59LU3K7mubaRcFbLfLX' as Did;

/** A gate whose engine fails so many times before it allows everything. */
async function worldOf(failures: number) {
  const [content, clock] = [memoryContent(sha256), virtualClock({ startMs: 0 })];
  const module = await content.put(utf8('a module'), 'raw');
  const limits = { gas: 1_000, memoryBytes: 65_536, builtins: [] };
  const links = { engine: module, source: module, conformance: module };
  const capsule = { v: 1, schema: 1, name: 'toy', parameters: {}, ...limits, ...links } as const;
  const policy = await content.put(encodeCapsule(capsule), 'dag-cbor');
  let left = failures;
  const engine: PolicyEngine = {
    async load() {
      left -= 1;
      if (left >= 0) throw new PolicyError('deadline', 'the thread died');
      return { evaluate: async () => ({ allow: true, reasons: [], gasUsed: 1 }), close: async () => undefined };
    },
    close: async () => undefined,
  };
  const id = policy as Cid as string as NeedId;
  const need = {
    ...{ id, round: 1, attempt: 0, phase: 'ready' },
    body: { policy, class: 'any', priceCap: 5, windows: { bidMs: 4_000 } },
  } as unknown as Need;
  const state = {
    ...{ params: { heartbeatMs: 1_000, misses: 3 }, needs: new Map([[id, need]]), members: new Map(), arbiters: [] },
    ...{
      authority: WORKER,
      network: policy,
      incarnation: 0,
      position: 0,
      digest: new Uint8Array(32),
      time: 0,
      epoch: 0,
    },
  } as unknown as State;
  const denied: string[] = [];
  const onDenied = ({ message }: Error) => void denied.push(message);
  const gate = new NeedGate({ state, clock, content, engine, onDenied, bids: { noteRefused: () => undefined } });
  const fence = { incarnation: 0, position: 0 };
  const telemetry = { wallMs: 1, bytesRead: 0, bytesWritten: 0 };
  const about = { need: id, task: 'main', attempt: 1 };
  const commit: Said = {
    verb: 'COMMIT',
    body: { ...about, fence, outputs: [{ cid: policy, leaves: 1 }], telemetry, trace: null },
  };
  const claim: Said = { verb: 'CLAIM', body: { ...about, ttlMs: 1, cost: 1, etaMs: 1 } };
  const pass = async (
    said: Said,
    meanwhile: () => void = () => undefined,
  ): Promise<{ said: number; denied: readonly string[] }> => {
    let times = 0;
    gate.pass(WORKER, need, { said }, () => {
      times += 1;
    });
    meanwhile();
    await clock.runUntil(() => false, { untilMs: clock.now() + 5_000 });
    return { said: times, denied: denied.splice(0) };
  };
  return { pass, commit, claim, need };
}

describe('the gate of a need', () => {
  it('does not give work back because its policy cannot be asked for a moment', async () => {
    const { pass, commit } = await worldOf(3);
    expect(await pass(commit)).toEqual({ said: 1, denied: [] });
  });

  it('gives it back where that lasts as long as its worker may be silent', async () => {
    const { pass, commit } = await worldOf(Number.POSITIVE_INFINITY);
    const { said, denied } = await pass(commit);
    expect([said, denied.length]).toEqual([0, 1]);
    expect(denied[0]).toContain('not_asked (why the thread died)');
  });

  it('asks once before it says anything else: who cannot ask does not bid', async () => {
    const { pass, claim } = await worldOf(1);
    expect(await pass(claim)).toMatchObject({ said: 0, denied: [expect.stringContaining('not_asked')] });
    expect(await pass(claim)).toEqual({ said: 1, denied: [] });
  });

  it.each([
    ['round', 2],
    ['attempt', 1],
    ['phase', 'leased'],
  ])('says nothing that was for another %s: who is refused pays for that', async (field, value) => {
    const { pass, claim, need } = await worldOf(0);
    expect(await pass(claim, () => void Object.assign(need, { [field]: value }))).toEqual({ said: 0, denied: [] });
    expect(await pass(claim)).toEqual({ said: 1, denied: [] });
  });
});
