import { resultSubject } from '../need-life.ts';
import type { VoteReader } from '../votes.ts';

/** Reads ATTEST as pass, REJECT as what it says; null for anything else. */
export const readResultVote: VoteReader = ({ payload }) => {
  if (payload.verb === 'ATTEST') {
    const { commit, ballot, draw } = payload.body;
    return { subject: resultSubject(commit), ballot, draw, verdict: 'pass', bids: [] };
  }
  if (payload.verb === 'REJECT') {
    const { commit, ballot, draw, verdict } = payload.body;
    return { subject: resultSubject(commit), ballot, draw, verdict, bids: [] };
  }
  return null;
};
