import type { EnvelopeId, VerifiedEnvelope } from '@canswarm/protocol';
import { seatOfPlanVote } from './plan-seats.ts';
import type { Need } from './state.ts';

/** Branches that a need may have marked as orphaned, and alternates that are kept for it. */
export const HEALED_PER_NEED_MAX = 8;

/** Of a need of which nothing was chosen yet. */
export const UNHEALED = { adopted: [], orphaned: [], alternates: [] } as const satisfies Partial<Need>;

/** A bid that seats of a need chose. */
export interface Branch {
  readonly bid: EnvelopeId;
  readonly round: number;
  /** Of distinct seats of one ballot: those that chose it. */
  readonly votes: readonly VerifiedEnvelope[];
  /** How many decide there. */
  readonly k: number;
}

/** K of a ballot: its first draw filled all n = 2K - 1 seats. */
function votesNeeded({ planSat }: Need, round: number, ballot: number): number {
  const seats = planSat.filter((seat) => seat.round === round && seat.ballot === ballot);
  const first = Math.min(...seats.map(({ draw }) => draw));
  return (seats.filter(({ draw }) => draw === first).length + 1) / 2;
}

/**
 * What votes on the plans of a need chose, whether or not the log did: for each bid the ballot in which most did. Votes of keys that had no
 * such seat, or whose seat paid for a dishonest vote, are left out. Spec: `spec/04-verbs.md`, RECONCILE.
 */
export function branchesOf(need: Need, votes: Iterable<VerifiedEnvelope>): ReadonlyMap<EnvelopeId, Branch> {
  const ballots = new Map<string, Map<string, VerifiedEnvelope>>();
  for (const vote of votes) {
    const { payload } = vote;
    const seat = seatOfPlanVote(need, vote);
    if (payload.verb !== 'ATTEST_PLAN' || payload.body.winner === null || seat === undefined || seat.struck) continue;
    const { winner, round, ballot } = payload.body;
    const key = `${winner}/${round}/${ballot}`;
    const chosen = ballots.get(key) ?? new Map<string, VerifiedEnvelope>();
    ballots.set(key, chosen.set(payload.from, vote));
  }
  const branches = new Map<EnvelopeId, Branch>();
  for (const chosen of ballots.values()) {
    const [first] = chosen.values();
    if (first?.payload.verb !== 'ATTEST_PLAN' || first.payload.body.winner === null) continue;
    const { winner, round, ballot } = first.payload.body;
    const before = branches.get(winner);
    if (before !== undefined && before.votes.length >= chosen.size) continue;
    branches.set(winner, { bid: winner, round, votes: [...chosen.values()], k: votesNeeded(need, round, ballot) });
  }
  return branches;
}

/** Whether the log did not adopt a bid of a round, and will not: its round is over. */
export const isOver = (need: Need, { bid, round }: Pick<Branch, 'bid' | 'round'>): boolean =>
  !need.adopted.includes(bid) && (round < need.round || (round === need.round && need.phase !== 'bidding'));

/** Whether an envelope is the bid that a branch chose, made on the need in the round of its votes. */
export const isBidOf = ({ id, payload }: VerifiedEnvelope, need: Need, { bid, round }: Branch): boolean =>
  id === bid && payload.verb === 'PROPOSE' && payload.body.need === need.id && payload.body.round === round;

/** Whether an envelope is the bid of that id, on the whole undivided need, by which its sender would do the work. */
export function isOwnBid({ id, payload }: VerifiedEnvelope, need: Need, bid: EnvelopeId, worker: string): boolean {
  if (id !== bid || payload.verb !== 'PROPOSE' || payload.body.need !== need.id) return false;
  const [only, ...others] = payload.body.patch;
  return others.length === 0 && only?.assignee === worker;
}
