import {
  digestAt,
  isOfEndedLife,
  judgeReport,
  jurySubject,
  type Need,
  planSubject,
  resultSubject,
  type State,
  type SubjectId,
  takesSeals,
} from '@canswarm/kernel';
import { type Did, equalBytes, type Fence, type PayloadOf, sameFence, type VerifiedEnvelope } from '@canswarm/protocol';
import { isBacked } from './bid-book.ts';
import { mayWork } from './seal-book.ts';

/** Positions that an envelope's head may lie ahead of this node's log and still be waited for. */
const AHEAD_MAX = 4_096;

/** Why verified gossip is not kept. */
export type DropCode =
  | 'incarnation_other'
  | 'head_ahead'
  | 'head_forked'
  | 'not_negotiation'
  | 'policy_denied'
  | 'need_policy_denied'
  | 'thread_other'
  | 'report_unfit'
  | 'need_unknown'
  | 'commit_unknown'
  | 'round_other'
  | 'bid_unfit'
  | 'bond_lacking'
  | 'not_seated'
  | 'still_sealed'
  | 'seal_unknown'
  | 'opening_other'
  | 'too_late'
  | 'not_holder'
  | 'not_plan_seat'
  | 'older'
  | 'bids_full'
  | 'alternates_full';

/** Verbs of negotiation about a need. */
type Negotiation =
  | PayloadOf<'SEAL_BID'>
  | PayloadOf<'OPEN_CAP'>
  | PayloadOf<'PROPOSE'>
  | PayloadOf<'ATTEST_PLAN'>
  | PayloadOf<'SEAL'>
  | PayloadOf<'ATTEST'>
  | PayloadOf<'REJECT'>
  | PayloadOf<'JUDGE'>
  | PayloadOf<'ALTERNATE'>
  | PayloadOf<'MISS'>
  | PayloadOf<'HEARTBEAT'>;

/**
 * Judges verified gossip by the log as far as this node knows it. Whoever signs a duty has seen what it follows from and
 * names it as head; so what does not fit this node's state although its head is known here never will. `early`: the head
 * lies ahead, the envelope is judged again when this node comes there. Null: it is worth keeping.
 */
export function judgeGossip(state: State, envelope: VerifiedEnvelope): DropCode | 'early' | null {
  const { payload } = envelope;
  const { head } = payload;
  // What an ended life shares with this one counts here as it does in evidence.
  if (isOfEndedLife(state, payload)) return 'incarnation_other';
  if (head.position > state.position) return head.position > state.position + AHEAD_MAX ? 'head_ahead' : 'early';
  // A life that this node's log has not at a position that it has.
  if (head.incarnation > state.incarnation) return 'incarnation_other';
  const digest = digestAt(state, head.position);
  if (digest !== undefined && !equalBytes(digest, head.digest)) return 'head_forked';
  switch (payload.verb) {
    case 'REPORT':
      return judgeReport(state, envelope) === null ? null : 'report_unfit';
    case 'SEAL_BID':
    case 'OPEN_CAP':
    case 'PROPOSE':
    case 'ATTEST_PLAN':
    case 'SEAL':
    case 'ATTEST':
    case 'REJECT':
    case 'JUDGE':
    case 'ALTERNATE':
    case 'MISS':
    case 'HEARTBEAT':
      return judgeNegotiation(state, payload);
    default:
      return 'not_negotiation';
  }
}

function judgeNegotiation(state: State, payload: Negotiation): DropCode | null {
  const { from, thread } = payload;
  const named = 'commit' in payload.body ? state.commits.get(payload.body.commit)?.need : payload.body.need;
  if (named === undefined) return 'commit_unknown';
  if (thread !== named) return 'thread_other';
  const need = state.needs.get(named);
  if (need === undefined) return 'need_unknown';
  switch (payload.verb) {
    case 'SEAL_BID':
      if (need.phase !== 'bidding' || payload.body.round !== need.round) return 'round_other';
      if (need.body.auction === 'open') return 'bid_unfit';
      return mayWork(state, need, from) ? null : 'bond_lacking';
    case 'OPEN_CAP':
      if (need.phase !== 'bidding' || !need.capSealed || from !== need.requester) return 'opening_other';
      return areBidsSealed(state, need) ? 'still_sealed' : null;
    case 'PROPOSE':
      return judgeProposal(state, need, payload);
    case 'ATTEST_PLAN': {
      if (need.phase !== 'bidding' || payload.body.round !== need.round) return 'round_other';
      return isSeat(state, planSubject(need.id, need.round), from, payload.body) ? null : 'not_seated';
    }
    case 'SEAL':
    case 'ATTEST':
    case 'REJECT': {
      const subject = resultSubject(payload.body.commit);
      if (!isSeat(state, subject, from, payload.body)) return 'not_seated';
      return payload.verb !== 'SEAL' && isSealing(state, subject) ? 'still_sealed' : null;
    }
    case 'JUDGE': {
      const { challenge, instance } = payload.body;
      return isSeat(state, jurySubject(challenge, instance), from, payload.body) ? null : 'not_seated';
    }
    case 'ALTERNATE':
      return need.failed.has(from) ? 'not_holder' : null;
    case 'MISS':
      if (!need.planSeats.includes(from)) return 'not_plan_seat';
      return isLease(need, payload.body) ? null : 'not_holder';
    case 'HEARTBEAT':
      return isLease(need, payload.body) && need.lease?.bid.worker === from ? null : 'not_holder';
  }
}

/** A bid counts only while who would do the work can lock its bond; the same rule bounds how many bid. */
function judgeProposal(state: State, need: Need, payload: PayloadOf<'PROPOSE'>): DropCode | null {
  const { round, price, etaMs } = payload.body;
  if (need.phase !== 'bidding' || round !== need.round) return 'round_other';
  if ((payload.body.salt === null) !== (need.body.auction === 'open')) return 'bid_unfit';
  if (payload.body.salt !== null && areBidsSealed(state, need)) return 'still_sealed';
  if (price > need.pricePool || etaMs > need.body.deadlineMs) return 'bid_unfit';
  return isBacked(state, need, payload) ? null : 'bond_lacking';
}

/** Whether the window of a sealed auction runs: what is shown meanwhile others could outdo, so nobody passes it on. */
function areBidsSealed(state: State, need: Need): boolean {
  const committee = state.committees.get(planSubject(need.id, need.round));
  return committee === undefined || takesSeals(committee);
}

function isSeat(state: State, subject: SubjectId, did: Did, at: { ballot: number; draw: number }): boolean {
  const seats = state.committees.get(subject)?.seats ?? [];
  return seats.some(
    (seat) => seat.did === did && seat.status === 'seated' && seat.ballot === at.ballot && seat.draw === at.draw,
  );
}

/** Whether a committee gathers seals: a vote that is shown meanwhile could be copied, so nobody passes it on. */
function isSealing(state: State, subject: SubjectId): boolean {
  const committee = state.committees.get(subject);
  return committee?.sealed === true && (committee.phase === 'voting' || committee.phase === 'drawing');
}

const isLease = ({ lease }: Need, { attempt, fence }: { attempt: number; fence: Fence }): boolean =>
  lease !== null && lease.attempt === attempt && sameFence(lease.fence, fence);
