import {
  asCommitId,
  asEnvelopeId,
  asNeedId,
  type Bodies,
  buildPayload,
  type Cid,
  cidOf,
  type Did,
  type Draft,
  type Genesis,
  isLogVerb,
  type Payload,
  presetParams,
  signCredential,
  utf8,
  VERBS,
  type Verb,
  wholeTask,
} from '../../src/index.ts';
import { sha256, signerOf } from './crypto.ts';

export const cidOfText = (text: string): Cid => cidOf(utf8(text), 'dag-cbor', sha256);
export const bytes32 = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

export const ALICE = signerOf(1);
export const BOB = signerOf(2);
export const NETWORK = cidOfText('network');
export const NEED_ID = asNeedId(asEnvelopeId(cidOfText('need')));
const COMMIT_ID = asCommitId(asEnvelopeId(cidOfText('commit')));
const held = { need: NEED_ID, task: 'main', attempt: 1, fence: { incarnation: 1, position: 300 } };
const artifact = { cid: cidOfText('artifact'), leaves: 70_000 };
const vote = {
  commit: COMMIT_ID,
  ballot: 1,
  draw: 0,
  steps: Array.from({ length: 16 }, (_, i) => bytes32(i)),
  salt: bytes32(5),
  policyDigest: bytes32(12),
};

const winner = asEnvelopeId(cidOfText('bid'));
const opening = { salt: bytes32(9), claim: { output: 0, key: 's/0001', step: 0 } };
const dispute = { commit: COMMIT_ID, challenge: asEnvelopeId(cidOfText('seal')) };

const NEED_BODY: Bodies['NEED'] = {
  skill: 'brief',
  goal: 'How is a vulnerability reported? – “exactly”',
  inputs: [artifact],
  acceptance: cidOfText('acceptance'),
  tier: 6,
  trial: null,
  priceCap: 5_000_000,
  seatFee: 1000,
  scoring: { priceBps: 7000, etaBps: 3000, reputationBps: 0 },
  windows: { bidMs: 300, answerMs: 1000, challengeMs: 2000, leaseMs: 10_000 },
  deadlineMs: 60_000,
  class: 'documents',
  plan: null,
  auction: 'open',
  capSeal: null,
  mark: bytes32(3),
};

const SEALED_AUCTION = {
  SEAL_BID: { need: NEED_ID, round: 1, seal: bytes32(7) },
  OPEN_CAP: { need: NEED_ID, cap: 4_500_000, salt: bytes32(8) },
};

const HEAL = {
  ALTERNATE: { need: NEED_ID, bid: winner, outputs: [artifact] },
  RECONCILE: { need: NEED_ID, merged: null, orphaned: [winner], salvaged: [asEnvelopeId(cidOfText('alternate'))] },
};

const LIFE = {
  ATTEST_STATE: { incarnation: 2, root: bytes32(12) },
  RESTART: { incarnation: 2, root: bytes32(12) },
};

/** One valid body of every verb, as `from` would send it. */
function sampleBodies(from: Did = ALICE.did): Bodies {
  return {
    NEED: NEED_BODY,
    REPORT: { time: 1_800_000_000_000, preimage: bytes32(7) },
    CANCEL: { need: NEED_ID },
    PLANT: { need: NEED_ID, salt: bytes32(4) },
    PROPOSE: {
      need: NEED_ID,
      round: 1,
      base: 0,
      price: 4_000_000,
      etaMs: 2500,
      planner: null,
      outbids: null,
      salt: null,
      patch: [wholeTask(from, 4_000_000)],
    },
    ATTEST_PLAN: { need: NEED_ID, round: 1, ballot: 1, draw: 0, winner, bidsSeen: [winner], policyDigest: null },
    DECIDE: { need: NEED_ID, round: 1, ballot: 1 },
    CLAIM: { need: NEED_ID, task: 'main', attempt: 1, ttlMs: 10_000, cost: 1, etaMs: 2500 },
    HEARTBEAT: { ...held, progress: cidOfText('progress') },
    MISS: { ...held, interval: 4 },
    RENEW: { ...held, progress: null },
    YIELD: { ...held, reason: 'out of disk' },
    RELEASE: held,
    COMMIT: {
      ...held,
      outputs: [artifact],
      telemetry: { wallMs: 900, bytesRead: 1 << 20, bytesWritten: 9000 },
      trace: null,
    },
    ...SEALED_AUCTION,
    SEAL: { commit: COMMIT_ID, ballot: 1, draw: 0, seal: bytes32(6) },
    ATTEST: vote,
    REJECT: { ...vote, verdict: 'fail', reasons: ['s/0001: words_differ'] },
    CERTIFY: { commit: COMMIT_ID, ballot: 1 },
    CHALLENGE: { subject: COMMIT_ID, class: 'missing_citation', seal: bytes32(8), opening },
    JUDGE: { ...dispute, instance: 1, ballot: 1, draw: 0, verdict: 'uphold', reasons: ['another answer stands there'] },
    INVALIDATE: { ...dispute, ballot: 1 },
    DISMISS: { ...dispute, ballot: 1 },
    APPEAL: dispute,
    FINALIZE: { commit: COMMIT_ID },
    ...HEAL,
    ...LIFE,
    SUSPEND: { member: BOB.did, vote: asEnvelopeId(cidOfText('vote')) },
    CONFORM: { capsule: cidOfText('capsule'), pieces: [cidOfText('vector')], digest: bytes32(13) },
    TICK: {},
    POLICY: { capsule: cidOfText('capsule'), pieces: [cidOfText('piece')] },
    MINT: { to: BOB.did, amount: 1_000_000, create: true },
    TRANSFER: { to: BOB.did, amount: 1, create: false },
    ESCROW: { to: BOB.did, amount: 7, periodMs: 60_000, create: false },
    SETTLE: { escrow: asEnvelopeId(cidOfText('escrow')), amount: 0 },
    STAKE: { amount: 50 },
    UNBOND: { amount: 50, delegate: null },
    DELEGATE: { delegator: ALICE.did, delegate: BOB.did, amount: 50 },
    WITHDRAW: { unbonding: asEnvelopeId(cidOfText('unbonding')) },
    JOIN: {
      tip: bytes32(10),
      length: 65_536,
      credential: signCredential({ org: 'acme', asn: 64_500, region: 'eu-north' }, from, NETWORK, BOB),
    },
    LEAVE: {},
  };
}

/** A valid payload of a verb. */
export function samplePayload<V extends Verb>(verb: V, own: Partial<Draft<V>> = {}, sender = ALICE): Payload {
  const spec = VERBS[verb];
  const draft = {
    verb,
    body: sampleBodies(sender.did)[verb],
    network: NETWORK,
    thread: spec.threaded ? NEED_ID : null,
    refs: [cidOfText('ref')],
    lamport: 1_843_200_000_000_000,
    time: 1_800_000_000_000,
    epoch: 1,
    from: sender.did,
    head: { incarnation: 1, position: 301, digest: bytes32(11) },
    evidence: spec.evidence === 'required' && isLogVerb(verb) ? bytes32(12) : null,
    ...own,
  } as Draft<V>;
  return buildPayload<V>(draft) as Payload;
}

export const ALL_VERBS = Object.keys(VERBS) as readonly Verb[];

export function sampleGenesis(): Genesis {
  return {
    v: 1,
    kind: 'genesis',
    name: 'sample',
    time: 1_800_000_000_000,
    incarnation: 1,
    rulesVersion: 1,
    epoch: 1,
    authority: ALICE.did,
    supplyCap: 10_000_000,
    params: presetParams('dev'),
    accounts: [
      { did: ALICE.did, free: 1_000_000, stake: 0 },
      { did: BOB.did, free: 0, stake: 2_000_000 },
    ],
    members: [{ did: BOB.did, org: 'acme', asn: 64_500, region: 'eu-north', tip: bytes32(13), chainLength: 65_536 }],
    arbiters: [BOB.did],
  };
}
