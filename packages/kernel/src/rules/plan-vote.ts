import { planSubject } from '../need-life.ts';
import type { VoteReader } from '../votes.ts';

/** The verdict of a plan vote that no bid counts. */
export const NO_WINNER = 'none';

/** Reads ATTEST_PLAN: its verdict is the winner's id, or `none`. */
export const readPlanVote: VoteReader = ({ payload }) => {
  if (payload.verb !== 'ATTEST_PLAN') return null;
  const { need, round, ballot, draw, winner, bidsSeen } = payload.body;
  return { subject: planSubject(need, round), ballot, draw, verdict: winner ?? NO_WINNER, bids: bidsSeen };
};
