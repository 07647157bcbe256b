import type { EnvelopeId, Micro, VerifiedEnvelope } from '@canswarm/protocol';
import { endCommittee } from '../committee.ts';
import { type Context, type Effect, isRejection, type Rejection, reject } from '../context.ts';
import { isOfEndedLife } from '../history.ts';
import { planSubject, reopenOrExpire } from '../need-life.ts';
import { burnSeatFees, paySeatFees, returnAbove } from '../need-money.ts';
import { adoptPlan, planOfProposals } from '../plan/adopt.ts';
import { byScore, type Proposal, partiesOf } from '../plan/merge.ts';
import { entityOf } from '../pool.ts';
import { relatedTo } from '../relations.ts';
import { readProposal } from '../scoring.ts';
import { bidCap, opensBid } from '../sealed-bids.ts';
import type { Committee, Need, Seat } from '../state.ts';
import { allVotes, countVotes, decidedVerdict, readVotes, recordVotes, type Vote } from '../votes.ts';
import { NO_WINNER, readPlanVote } from './plan-vote.ts';
import type { Rule } from './rule.ts';

/** DECIDE: exactly one per need and round (P1). Spec: `spec/04-verbs.md`, DECIDE. */
export const judgeDecide: Rule<'DECIDE'> = (context, { entry, payload }) => {
  const { state } = context;
  const need = state.needs.get(payload.body.need);
  // 1 need_unknown
  if (need === undefined) return reject('need_unknown', { need: payload.body.need });
  // 2 need_not_open: of this round, and not decided
  if (need.phase !== 'bidding' || need.round !== payload.body.round) {
    return reject('need_not_open', { phase: need.phase, round: need.round });
  }
  const committee = state.committees.get(planSubject(need.id, need.round));
  // 3 committee_not_voting: the bid window is over, the committee sits, and its answer period runs
  const answering = state.timers.started.has(`answer:${planSubject(need.id, need.round)}`);
  if (committee === undefined || committee.phase !== 'voting' || !answering) {
    return reject('committee_not_voting', { phase: committee?.phase ?? 'none' });
  }
  // 4 ballot_other
  if (committee.ballot !== payload.body.ballot) return reject('ballot_other', { ballot: committee.ballot });
  // What was said in a life that ended, beyond what this one has of it, is as if it were not shown.
  const envelopes = entry.evidence.envelopes.filter(({ payload: { head } }) => !isOfEndedLife(state, { head }));
  const ballots = envelopes.filter((envelope) => envelope.payload.verb === 'ATTEST_PLAN');
  // 5 vote_*: each vote is a seat's
  const votes = readVotes(context, committee, ballots, readPlanVote);
  if (isRejection(votes)) return votes;
  const verdict = decidedVerdict(committee, countVotes(committee, votes));
  if (verdict === null) return recordOnly(context, committee, votes);
  if (verdict === NO_WINNER) return () => endWithoutBids(context, need, committee, votes);
  const adopted = adoptedBids(context, need, committee, votes, verdict as EnvelopeId, envelopes);
  if (isRejection(adopted)) return adopted;
  // 11 votes_related: votes of the winner's related parties are void
  const judges = unrelatedSeats(context, committee, votes, adopted.bids[0]);
  if (judges.length < committee.k) return reject('votes_related', { unrelated: judges.length, needed: committee.k });
  return () => adopt(context, need, committee, { votes, ...adopted, judges });
};

/** 6 votes_too_few: fewer than K matching votes are only recorded, from half the answer period on. */
export function recordOnly(context: Context, committee: Committee, votes: readonly Vote[]): Rejection | Effect {
  const { time } = context.state;
  if (votes.length === 0 || committee.halfAt === null || time < committee.halfAt) {
    return reject('votes_too_few', { fresh: votes.length, needed: committee.k, time, recordedFrom: committee.halfAt });
  }
  return () => recordVotes(context, committee, votes);
}

interface Adopted {
  readonly bids: readonly Proposal[];
  /** What they may cost at most. */
  readonly cap: Micro;
}

/** The winner and the runners-up that at least K of the votes for it named, as the kernel scores them. */
function adoptedBids(
  context: Context,
  need: Need,
  committee: Committee,
  votes: readonly Vote[],
  winner: EnvelopeId,
  envelopes: readonly VerifiedEnvelope[],
): Rejection | Adopted {
  const named = new Map<EnvelopeId, number>();
  for (const vote of allVotes(committee, votes)) {
    if (vote.verdict === winner) for (const id of vote.bids) named.set(id, (named.get(id) ?? 0) + 1);
  }
  const byId = new Map(envelopes.map((envelope) => [envelope.id, envelope]));
  const { sha256 } = context;
  const cap = bidCap(need, envelopes, sha256);
  const shown = {
    find: (id: EnvelopeId) => byId.get(id),
    wasSealed: (bid: VerifiedEnvelope) => envelopes.some((seal) => opensBid(seal, bid, sha256)),
    cap: cap ?? 0,
  };
  const bids: Proposal[] = [];
  for (const [id, count] of named) {
    if (count < committee.k) continue;
    const proposal = byId.get(id);
    // 7 bids_lacking: every bid that K votes name is shown
    if (proposal === undefined) return reject('bids_lacking', { bid: id, votes: count });
    // 8 cap_sealed: nobody is hired before the cap that was sealed is known
    if (cap === null) return reject('cap_sealed', { need: need.id });
    const bid = readProposal(context.state, need, proposal, shown);
    // 9 bid_unfit: each is a bid on this round, within cap and deadline, its plan sound and accepted by its assignees
    if (typeof bid === 'string') return reject('bid_unfit', { bid: id, why: bid });
    bids.push(bid);
  }
  bids.sort(byScore);
  const best = bids[0];
  // 10 winner_outscored: no bid shown is better than the winner
  if (best === undefined || best.id !== winner) {
    return reject('winner_outscored', { winner, better: best?.id ?? null, score: best?.score ?? null });
  }
  return { bids, cap: shown.cap };
}

/** Seats with a matching vote, recorded or new, that are unrelated to the winner's workers and planner. */
function unrelatedSeats(
  context: Context,
  committee: Committee,
  votes: readonly Vote[],
  bid: Proposal | undefined,
): readonly Seat[] {
  const { state } = context;
  const own = (bid === undefined ? [] : partiesOf(bid)).map((did) => entityOf(state, did));
  const related = new Set([...own, ...relatedTo(state, own)]);
  // By what it sits as, and by what its key is now: who got another credential chose its own bid else.
  const isRelated = ({ did, entity }: Seat): boolean => related.has(entity) || related.has(entityOf(state, did));
  const matching = allVotes(committee, votes).filter((vote) => vote.verdict === bid?.id);
  return matching.map((vote) => vote.seat).filter((seat) => !isRelated(seat));
}

interface Decision extends Adopted {
  readonly votes: readonly Vote[];
  /** Seats whose votes chose the winner. */
  readonly judges: readonly Seat[];
}

function adopt(context: Context, need: Need, committee: Committee, { votes, bids, cap, judges }: Decision): void {
  const winner = bids[0]?.id ?? null;
  recordVotes(context, committee, votes);
  committee.verdict = winner;
  payPlanSeats(context, need, committee, judges);
  need.status = 'decided';
  if (winner !== null) need.adopted = [...need.adopted, winner];
  need.planSeats = committee.seats
    .filter((seat) => seat.ballot === committee.ballot && seat.status === 'seated')
    .map((seat) => seat.did);
  need.planK = committee.k;
  need.standings = null;
  endCommittee(context, committee);
  const { id, round } = need;
  const merged = planOfProposals(context.state, need, bids);
  const runnersUp = Math.max(0, (merged?.tasks.at(-1)?.queue.length ?? 0) - 1);
  context.emit({ type: 'need_decided', need: id, round, winner, runnersUp });
  if (need.capSealed) returnAbove(context, need, cap);
  adoptPlan(context, need, merged);
}

function endWithoutBids(context: Context, need: Need, committee: Committee, votes: readonly Vote[]): void {
  recordVotes(context, committee, votes);
  const seats = committee.seats.filter((seat) => seat.ballot === committee.ballot && seat.vote?.verdict === NO_WINNER);
  payPlanSeats(context, need, committee, seats);
  const { id, round } = need;
  context.emit({ type: 'need_decided', need: id, round, winner: null, runnersUp: 0 });
  reopenOrExpire(context, need, 'no bid was chosen');
}

/** Plan seats whose recorded vote is the verdict are paid at once; the fees of the others are burned, so that nobody saves by leaving votes out. */
function payPlanSeats(context: Context, need: Need, committee: Committee, seats: readonly Seat[]): void {
  const dids = seats.map((seat) => seat.did);
  paySeatFees(context, need, dids, 1);
  burnSeatFees(context, need, committee.n - dids.length);
  context.emit({ type: 'seats_paid', subject: committee.subject, seats: dids.length, fee: need.body.seatFee });
}
