import { encodeBody, equalBytes, type VerifiedEnvelope } from '@canswarm/protocol';
import { isOfEndedLife } from '../history.ts';
import { seatOfPlanVote } from '../plan-seats.ts';
import { outscoresAnyhow } from '../scoring.ts';
import type { Need, PlanSeat } from '../state.ts';
import { twoHeads } from './heads.ts';
import { dismissed, type Judge, type Judgement } from './judgement.ts';

const against = (planSeat: PlanSeat, reason: string): Judgement => ({ upheld: true, reason, seat: null, planSeat });

/** Two votes of one seat on one plan, in one ballot and draw; or two heads of one position by a key that sat. */
export const planEquivocation: Judge = ({ state }, { need, evidence }) => {
  const [first, second] = evidence.envelopes;
  if (first === undefined || second === undefined || evidence.envelopes.length !== 2)
    return dismissed('two votes are due');
  const [a, b] = [first.payload, second.payload];
  if (a.network !== state.network || b.network !== state.network) return dismissed('of another network');
  if (a.from !== b.from) return dismissed('not two votes of one seat');
  const [one, other] = [seatOfPlanVote(need, first), seatOfPlanVote(need, second)];
  const sat = one ?? need.planSat.find((seat) => seat.did === a.from);
  if (isOfEndedLife(state, a) || isOfEndedLife(state, b)) return dismissed('of a life that ended');
  if (sat !== undefined && twoHeads(a, b)) return against(sat, 'two heads for one position');
  if (one === undefined || one !== other) return dismissed('not the same round, ballot and draw of a seat');
  if (equalBytes(encodeBody(a), encodeBody(b))) return dismissed('the same vote twice');
  return against(one, 'two votes in one ballot and draw');
};

/** A vote for a winner that a bid which the vote itself names outscores. */
export const worseBid: Judge = ({ state }, { need, evidence }) => {
  const [vote, winner, better] = evidence.envelopes;
  if (vote === undefined || winner === undefined || better === undefined)
    return dismissed('a vote and two bids are due');
  const seat = seatOfPlanVote(need, vote);
  const { payload } = vote;
  if (seat === undefined || payload.verb !== 'ATTEST_PLAN' || payload.network !== state.network)
    return dismissed('not a vote of a seat');
  if (payload.body.winner !== winner.id || !payload.body.bidsSeen.includes(better.id))
    return dismissed('not bids that the vote names');
  // Whether they are fit the vote itself says; it was its seat's to know.
  if (![winner, better].every((bid) => isOnRound(bid, need, seat))) return dismissed('not two bids on that round');
  return outscoresAnyhow(need, better, winner)
    ? against(seat, 'a bid that it names scores above its winner')
    : dismissed('no better bid');
};

const isOnRound = ({ payload }: VerifiedEnvelope, { id }: Need, { round }: PlanSeat): boolean =>
  payload.verb === 'PROPOSE' && payload.body.need === id && payload.body.round === round;
