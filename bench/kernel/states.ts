import {
  createState,
  freeAccount,
  type Lease,
  type LoadPolicy,
  type Need,
  type State,
  stakeAccount,
} from '@canswarm/kernel';
import { asEnvelopeId, asNeedId, cidOf, type Did, type Genesis, presetParams, toHex, utf8 } from '@canswarm/protocol';
import { didAt, sha256 } from './entries.ts';

/** A state without anybody in it. */
export const emptyState = (preset: 'dev' | 'main', policy: Genesis['policy'] = undefined, load?: LoadPolicy): State =>
  createState(
    {
      v: 1,
      kind: 'genesis',
      name: 'bench',
      time: 0,
      incarnation: 1,
      rulesVersion: 1,
      epoch: 1,
      authority: didAt(0),
      supplyCap: Number.MAX_SAFE_INTEGER,
      params: presetParams(preset),
      accounts: [],
      members: [],
      arbiters: [],
      ...(policy === undefined ? {} : { policy }),
    },
    sha256,
    load,
  );

/** What a MINT leaves behind: more keys than a genesis can list. */
export function addAccount({ accounts }: State, did: Did, free: number): void {
  accounts.set(freeAccount(did), free);
  accounts.set('mint', (accounts.get('mint') ?? 0) - free);
}

/** What JOIN and STAKE leave behind. */
export function addVerifier(
  state: State,
  did: Did,
  own: { org: string; asn: number; region: string; stake: number },
): void {
  const { org, asn, region, stake } = own;
  state.accounts.set(stakeAccount(did), stake);
  state.accounts.set('mint', (state.accounts.get('mint') ?? 0) - stake);
  state.members.set(did, {
    did,
    entity: `org:${org}`,
    asn,
    region,
    tip: toHex(sha256(utf8(did))),
    joinedAt: 1,
    revealsLeft: 100,
    reported: 0,
    silences: 0,
    missedAt: 0,
    active: true,
    left: false,
  });
}

export type LeasedNeed = Need & { readonly lease: Lease };

/** What bidding leaves behind: a need whose task a key holds. */
export function addLeasedNeed(state: State, worker: Did): LeasedNeed {
  const cid = (text: string) => asEnvelopeId(cidOf(utf8(text), 'dag-cbor', sha256));
  const id = asNeedId(cid('need'));
  const price = 1_000_000;
  const bid = { id: cid('bid'), worker, planner: null, price, workerPrice: price, score: 0 };
  const fence = { incarnation: state.incarnation, position: 1 };
  const need: LeasedNeed = {
    id,
    parent: null,
    requester: didAt(0),
    body: {
      skill: 'bench',
      goal: null,
      inputs: [{ cid: cid('input'), leaves: 1 }],
      acceptance: cid('acceptance'),
      trial: null,
      priceCap: price,
      tier: 1,
      seatFee: 1,
      scoring: { priceBps: 10_000, etaBps: 0, reputationBps: 0 },
      windows: { bidMs: 300, answerMs: 1_000, challengeMs: 2_000, leaseMs: 10_000 },
      deadlineMs: 60_000,
      class: 'bench',
      plan: null,
      auction: 'open',
      capSeal: null,
      mark: new Uint8Array(32),
    },
    position: 1,
    status: 'decided',
    round: 1,
    deadlineAt: 60_000,
    deadlinePassed: false,
    capSealed: false,
    pricePool: price,
    feePool: 0,
    forfeited: 0,
    owed: 0,
    logPool: 0,
    phase: 'leased',
    attempt: 1,
    level: 1,
    lease: { bid, fence, attempt: 1, durationMs: 10_000, expiresAt: null, renewals: 0, progress: null, touched: 0 },
    inputs: [{ cid: cid('input'), leaves: 1 }],
    planVersion: 1,
    plan: null,
    children: [],
    runnersUp: [],
    failed: new Set(),
    planSeats: [],
    planK: 3,
    standings: null,
    planSat: [],
    adopted: [],
    orphaned: [],
    alternates: [],
    spent: 0,
    misfit: null,
    commits: [],
  };
  state.needs.set(id, need);
  return need;
}
