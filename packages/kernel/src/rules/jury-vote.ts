import { jurySubject } from '../jury.ts';
import type { VoteReader } from '../votes.ts';

/** Reads JUDGE as what it says of a challenge; null for anything else. */
export const readJuryVote: VoteReader = ({ payload }) => {
  if (payload.verb !== 'JUDGE') return null;
  const { challenge, instance, ballot, draw, verdict } = payload.body;
  return { subject: jurySubject(challenge, instance), ballot, draw, verdict, bids: [] };
};
