import type { State } from '@canswarm/kernel';
import { sodiumCrypto, systemClock } from '@canswarm/local';
import type { Clock } from '@canswarm/ports';
import {
  type Cid,
  cidOf,
  conformDigest,
  didOfKey,
  type PolicyDecision,
  parseVector,
  toHex,
  utf8,
} from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { castVote } from '../src/cast-vote.ts';
import { type CheckedEngine, SelfCheck, type SelfCheckOptions } from '../src/self-check.ts';

const crypto = sodiumCrypto();
const { sha256 } = crypto;
const CAPSULE = cidOf(utf8('capsule'), 'dag-cbor', sha256);
const DID = didOfKey(crypto.publicKey(sha256(utf8('key'))));
const GRANTED: PolicyDecision = { allow: true, reasons: [], gasUsed: 7 };
const VECTOR = utf8(
  JSON.stringify({ cases: ['a', 'b'].map((name) => ({ name, input: { name }, decision: GRANTED })) }),
);

interface World {
  readonly blocks?: ReadonlyMap<Cid, Uint8Array>;
  readonly vector?: Uint8Array;
  readonly decide?: (input: Uint8Array) => PolicyDecision;
  readonly clock?: Clock;
}

/** A check of an engine, and what became of it. */
async function checked({ vector = VECTOR, decide = () => GRANTED, clock = systemClock(), blocks }: World = {}) {
  const conformance = cidOf(vector, 'raw', sha256);
  const state = { policy: { present: { cid: CAPSULE, conformance, decide } } } as unknown as State;
  const held = blocks ?? new Map([[conformance, vector]]);
  const said: Parameters<SelfCheckOptions['outbox']['say']>[0][] = [];
  const told = Promise.withResolvers<CheckedEngine>();
  const check = new SelfCheck({
    state,
    content: {
      get: (cid) => {
        const bytes = held.get(cid);
        return bytes === undefined ? Promise.reject(new Error('nobody has it')) : Promise.resolve(bytes);
      },
    },
    clock,
    sha256,
    outbox: { say: (draft) => void said.push(draft) },
    onChecked: told.resolve,
  });
  expect(check.check).toEqual({ status: 'none' });
  check.keepUp();
  expect(check.check).toEqual({ status: 'checking', capsule: CAPSULE });
  return { check, said, ended: await told.promise };
}

const key = { signer: { did: DID } } as Parameters<SelfCheck['conform']>[0];

describe('a node', () => {
  it('that decides as the vector says answers for its suspended keys', async () => {
    const { check, said, ended } = await checked();
    expect(ended).toEqual({ status: 'passed', capsule: CAPSULE, cases: 2 });
    expect(check.hasFailed).toBe(false);
    check.conform(key);
    const [draft] = said;
    if (draft?.said.verb !== 'CONFORM') return expect.fail('it conforms');
    const decisions = parseVector(VECTOR) ?? [];
    expect(toHex(draft.said.body.digest)).toBe(toHex(conformDigest({ did: DID, capsule: CAPSULE, decisions }, sha256)));
    expect(draft.evidence).toEqual({ envelopes: [], blocks: [{ cid: cidOf(VECTOR, 'raw', sha256), bytes: VECTOR }] });
  });

  it('that decides otherwise, be it by one unit of gas, says by which case, answers for nothing and votes no more', async () => {
    const { check, said, ended } = await checked({
      decide: (input) => ({ ...GRANTED, gasUsed: new TextDecoder().decode(input).includes('b') ? 8 : 7 }),
    });
    const first = { name: 'b', due: GRANTED, decided: { ...GRANTED, gasUsed: 8 } };
    expect(ended).toEqual({ status: 'failed', capsule: CAPSULE, cases: 2, different: 1, first });
    expect(check.hasFailed).toBe(true);
    check.conform(key);
    expect(said).toEqual([]);
    const vote = { identity: key, said: { verb: 'ATTEST' }, need: CAPSULE, guard: 'g' };
    const cast = castVote(vote as never, { view: {}, outbox: {}, clock: systemClock(), selfCheck: check } as never);
    await expect(cast).rejects.toThrow('decides otherwise than the conformance vector says');
  });

  it('that cannot have the vector, or finds that it is none, says so and answers for nothing', async () => {
    for (const [world, why] of [
      [{ blocks: new Map() }, 'nobody has it'],
      [{ vector: utf8('{}') }, 'it is no conformance vector'],
    ] as const) {
      const { check, said, ended } = await checked(world);
      expect(ended).toMatchObject({ status: 'away', capsule: CAPSULE, why });
      expect(check.hasFailed).toBe(false);
      check.conform(key);
      expect(said).toEqual([]);
    }
  });

  it('is not asked twice about the same policy', async () => {
    const { check } = await checked();
    const { check: before } = check;
    check.keepUp();
    expect(check.check).toBe(before);
  });

  it('does whatever else it has to between any two cases', async () => {
    const cases = Array.from({ length: 1_024 }, (_, at) => ({ name: `${at}`, input: { at }, decision: GRANTED }));
    const waiting: (() => void)[] = [];
    const clock: Clock = {
      now: () => 0,
      schedule: (delayMs, act) => {
        expect(delayMs).toBe(0);
        waiting.push(act);
        return () => undefined;
      },
    };
    let decided = 0;
    const decide = (): PolicyDecision => {
      decided += 1;
      return GRANTED;
    };
    const check = checked({ vector: utf8(JSON.stringify({ cases })), decide, clock });
    for (let due = 1; due <= cases.length; due += 1) {
      await new Promise(setImmediate);
      expect([decided, waiting.length]).toEqual([due, 1]);
      waiting.shift()?.();
    }
    expect((await check).ended).toEqual({ status: 'passed', capsule: CAPSULE, cases: 1_024 });
  });
});
