import fc from 'fast-check';
import {
  asCommitId,
  asEnvelopeId,
  asNeedId,
  type Bodies,
  CHALLENGE_CLASSES,
  type Cid,
  cidOfDigest,
  type DagValue,
  type Did,
  type EnvelopeId,
  linkOf,
  type Payload,
  type Verb,
  wholeTask,
} from '../../src/index.ts';
import { signerOf } from './crypto.ts';
import { ALL_VERBS, samplePayload } from './samples.ts';

/** Arbitrary values of the protocol. */
export const senders = [11, 12, 13].map(signerOf);

const text = (max: number, min = 1) =>
  fc.string({ unit: 'grapheme', minLength: min, maxLength: Math.max(min, Math.floor(max / 40)) });
const safeInt = fc.oneof(
  fc.nat(300),
  fc.maxSafeNat(),
  fc.constantFrom(0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER),
);
const count = fc.nat(2 ** 31 - 1);
const anyBytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const cid: fc.Arbitrary<Cid> = fc
  .tuple(anyBytes(32), fc.constantFrom('raw', 'dag-cbor', 'dag-pb'))
  .map(([digest, codec]) => cidOfDigest(digest, codec));
const envelopeId = cid.map(asEnvelopeId);
const did = fc.constantFrom(...senders.map((sender) => sender.did));
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const amount = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

const key = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 9 }),
  fc.constantFrom('', 'a', 'b', 'aa', 'é', '10', '2', '__proto__', 'constructor', '😀'),
);

/** Any value of the data model. */
export const dagValue: fc.Arbitrary<DagValue> = fc.letrec<{ value: DagValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    safeInt,
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.uint8Array({ maxLength: 300 }),
    cid.map(linkOf),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 6 }).map((entries) => {
      const map: Record<string, DagValue> = {};
      for (const [name, value] of entries)
        Object.defineProperty(map, name, { value, enumerable: true, writable: true, configurable: true });
      return map;
    }),
  ),
})).value;

const artifact = fc.record({ cid, leaves: fc.integer({ min: 1, max: 2 ** 32 }) });
const fence = fc.record({ incarnation: safeInt, position: safeInt });
const need = envelopeId.map(asNeedId);
const commit = envelopeId.map(asCommitId);
const held = { need, task: text(64), attempt: count, fence };
const vote = {
  commit,
  ballot: count,
  draw: count,
  steps: fc.array(anyBytes(32), { minLength: 16, maxLength: 16 }),
  salt: orNull(anyBytes(32)),
  policyDigest: orNull(anyBytes(32)),
};

type BodyArbitraries = { readonly [V in Exclude<Verb, 'PROPOSE'>]: fc.Arbitrary<Bodies[V]> };

const bodies: BodyArbitraries = {
  NEED: fc
    .record({
      skill: text(128),
      goal: orNull(text(4096, 0)),
      inputs: fc.array(artifact, { minLength: 1, maxLength: 16 }),
      acceptance: cid,
      tier: fc.integer({ min: 1, max: 6 }),
      trial: fc.constantFrom(null, 'funded' as const, 'sponsored' as const),
      priceCap: amount,
      seatFee: amount,
      scoring: fc.tuple(fc.nat(10_000), fc.nat(10_000)).map((cuts) => {
        const [low, high] = [Math.min(...cuts), Math.max(...cuts)];
        return { priceBps: low, etaBps: high - low, reputationBps: 10_000 - high };
      }),
      windows: fc.record({ bidMs: amount, answerMs: amount, challengeMs: amount, leaseMs: amount }),
      deadlineMs: amount,
      class: text(64),
      plan: orNull(
        fc.record({
          tasks: fc.integer({ min: 2, max: 16 }),
          parts: fc.array(fc.record({ skill: text(128), acceptance: cid, tier: fc.integer({ min: 1, max: 6 }) }), {
            minLength: 1,
            maxLength: 15,
          }),
        }),
      ),
      sealed: fc.boolean(),
      capSeal: orNull(anyBytes(32)),
      mark: anyBytes(32),
    })
    .map(({ sealed, plan, trial, capSeal, ...rest }) =>
      sealed
        ? { ...rest, plan: null, trial: null, auction: 'sealed' as const, capSeal }
        : { ...rest, trial, plan: trial === null ? plan : null, auction: 'open' as const, capSeal: null },
    ),
  REPORT: fc.record({ time: safeInt, preimage: orNull(anyBytes(32)) }),
  CANCEL: fc.record({ need }),
  PLANT: fc.record({ need, salt: anyBytes(32) }),
  ATTEST_PLAN: fc
    .record({
      need,
      round: count,
      ballot: count,
      draw: count,
      bids: fc.uniqueArray(envelopeId, { maxLength: 4 }),
      won: fc.boolean(),
      policyDigest: orNull(anyBytes(32)),
    })
    .map(({ bids, won, ...rest }) => ({
      ...rest,
      winner: won ? (bids[0] ?? null) : null,
      bidsSeen: bids,
    })),
  DECIDE: fc.record({ need, round: count, ballot: count }),
  CLAIM: fc.record({ need, task: text(64), attempt: count, ttlMs: amount, cost: safeInt, etaMs: safeInt }),
  HEARTBEAT: fc.record({ ...held, progress: orNull(cid) }),
  MISS: fc.record({ ...held, interval: count }),
  RENEW: fc.record({ ...held, progress: orNull(cid) }),
  YIELD: fc.record({ ...held, reason: text(256, 0) }),
  RELEASE: fc.record(held),
  COMMIT: fc.record({
    ...held,
    outputs: fc.array(artifact, { minLength: 1, maxLength: 16 }),
    telemetry: fc.record({ wallMs: safeInt, bytesRead: safeInt, bytesWritten: safeInt }),
    trace: orNull(cid),
  }),
  ALTERNATE: fc.record({ need, bid: envelopeId, outputs: fc.array(artifact, { minLength: 1, maxLength: 16 }) }),
  RECONCILE: fc.record({
    need,
    merged: orNull(envelopeId),
    orphaned: fc.uniqueArray(envelopeId, { minLength: 1, maxLength: 8 }),
    salvaged: fc.uniqueArray(envelopeId, { maxLength: 8 }),
  }),
  ATTEST_STATE: fc.record({ incarnation: safeInt, root: anyBytes(32) }),
  RESTART: fc.record({ incarnation: safeInt, root: anyBytes(32) }),
  SEAL_BID: fc.record({ need, round: count, seal: anyBytes(32) }),
  OPEN_CAP: fc.record({ need, cap: amount, salt: anyBytes(32) }),
  SEAL: fc.record({ commit, ballot: count, draw: count, seal: anyBytes(32) }),
  ATTEST: fc.record(vote),
  REJECT: fc.record({
    ...vote,
    verdict: fc.constantFrom('fail', 'undecidable'),
    reasons: fc.array(text(256), { minLength: 1, maxLength: 8 }),
  }),
  CERTIFY: fc.record({ commit, ballot: count }),
  CHALLENGE: fc.record({
    subject: cid,
    class: fc.constantFrom(...CHALLENGE_CLASSES),
    seal: anyBytes(32),
    opening: orNull(
      fc.record({ salt: anyBytes(32), claim: fc.record({ output: fc.nat(15), key: text(1024, 0), step: fc.nat(15) }) }),
    ),
  }),
  JUDGE: fc.record({
    commit,
    challenge: envelopeId,
    instance: count,
    ballot: count,
    draw: count,
    verdict: fc.constantFrom('uphold', 'dismiss', 'undecidable'),
    reasons: fc.array(text(256), { maxLength: 8 }),
  }),
  INVALIDATE: fc.record({ commit, challenge: envelopeId, ballot: count }),
  DISMISS: fc.record({ commit, challenge: envelopeId, ballot: count }),
  APPEAL: fc.record({ commit, challenge: envelopeId }),
  FINALIZE: fc.record({ commit }),
  SUSPEND: fc.record({ member: did, vote: envelopeId }),
  CONFORM: fc
    .record({ capsule: orNull(cid), pieces: fc.array(cid, { minLength: 1, maxLength: 30 }), digest: anyBytes(32) })
    .map(({ pieces, ...rest }) => ({ ...rest, pieces: rest.capsule === null ? [] : pieces })),
  TICK: fc.constant({}),
  POLICY: fc.record({ capsule: cid, pieces: fc.array(cid, { minLength: 1, maxLength: 30 }) }),
  MINT: fc.record({ to: did, amount, create: fc.boolean() }),
  TRANSFER: fc.record({ to: did, amount, create: fc.boolean() }),
  ESCROW: fc.record({ to: did, amount, periodMs: fc.integer({ min: 1, max: 31_622_400_000 }), create: fc.boolean() }),
  SETTLE: fc.record({ escrow: envelopeId, amount: safeInt }),
  STAKE: fc.record({ amount }),
  UNBOND: fc.record({ amount, delegate: fc.option(did) }),
  DELEGATE: fc.record({ delegator: did, delegate: did, amount }),
  WITHDRAW: fc.record({ unbonding: envelopeId }),
  LEAVE: fc.constant({}),
  JOIN: fc.record({
    tip: anyBytes(32),
    length: fc.integer({ min: 1, max: 65_536 }),
    credential: orNull(
      fc.record({ org: text(64), asn: fc.nat(2 ** 31 - 1), region: text(32), issuer: did, signature: anyBytes(64) }),
    ),
  }),
};

/** `main` by somebody, after tasks that are open to anybody. */
const planned = (assignee: Did, price: number, acceptance: EnvelopeId, open: number) => {
  const first = Array.from({ length: open }, (_, index) => `t${index}`);
  const parts = first.map((task, part) => ({
    task,
    part: part % 15,
    goal: part % 2 === 0 ? null : task,
    after: first.slice(0, part),
    assignee: null,
    price: 0,
    acceptance: null,
  }));
  return [...parts, { ...wholeTask(assignee, price, acceptance), after: first }];
};

const proposal = (from: string) =>
  fc
    .record({
      need,
      round: count,
      base: count,
      price: safeInt,
      etaMs: safeInt,
      kind: fc.constantFrom('bid', 'acceptance', 'plan'),
      share: fc.nat(1000),
      acceptance: envelopeId,
      open: fc.nat(15),
      after: fc.uniqueArray(text(64), { maxLength: 15 }),
      outdone: fc.option(envelopeId),
      sealed: fc.option(anyBytes(32)),
    })
    .map(({ kind, share, acceptance, open, after, outdone, sealed, ...rest }) => {
      const [self, other] = [
        senders.find((one) => one.did === from)?.did,
        senders.find((one) => one.did !== from)?.did,
      ];
      if (self === undefined || other === undefined) throw new Error('three senders');
      const price = Math.max(0, rest.price - share);
      if (kind === 'plan')
        return { ...rest, outbids: outdone, salt: null, planner: self, patch: planned(other, price, acceptance, open) };
      return {
        ...rest,
        planner: kind === 'bid' ? null : other,
        outbids: kind === 'bid' ? outdone : null,
        salt: kind === 'bid' && outdone === null ? sealed : null,
        patch: [{ ...wholeTask(self, rest.price), after }],
      };
    });

/** A valid payload of any verb, with its sender. */
export const payloadOfAnyVerb: fc.Arbitrary<{ readonly payload: Payload; readonly sender: (typeof senders)[number] }> =
  fc.record({ verb: fc.constantFrom(...ALL_VERBS), sender: fc.constantFrom(...senders) }).chain(({ verb, sender }) => {
    const body: fc.Arbitrary<Bodies[Verb]> = verb === 'PROPOSE' ? proposal(sender.did) : bodies[verb];
    const own = {
      body,
      refs: fc.array(cid, { maxLength: 16 }),
      lamport: safeInt,
      time: safeInt,
      epoch: safeInt,
      head: fc.record({ incarnation: safeInt, position: safeInt, digest: anyBytes(32) }),
    };
    return fc.record(own).map((fields) => ({ payload: samplePayload(verb, fields, sender), sender }));
  });
