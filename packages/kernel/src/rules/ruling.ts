import type { DismissBody, InvalidateBody, VerifiedEntry } from '@canswarm/protocol';
import { type Context, type Effect, isRejection, type Rejection, reject } from '../context.ts';
import { ruleInstance } from '../disputes.ts';
import { disputeOf, jurySubject } from '../jury.ts';
import type { Ruling } from '../state.ts';
import { countVotes, decidedVerdict, readVotes, recordVotes } from '../votes.ts';
import { recordOnly } from './decide.ts';
import { readJuryVote } from './jury-vote.ts';

/** What INVALIDATE and DISMISS share: K matching votes of the present instance. Spec: `spec/07-challenges.md`, rulings. */
export function judgeRuling(
  context: Context,
  entry: VerifiedEntry,
  body: InvalidateBody | DismissBody,
  ruling: Ruling,
): Rejection | Effect {
  const { state } = context;
  // 1 dispute_unknown: an open dispute over this commit
  const challenge = disputeOf(state, body.commit, body.challenge);
  const instance = challenge?.dispute.instance ?? 0;
  const committee = state.committees.get(jurySubject(body.challenge, instance));
  if (challenge === undefined || committee === undefined)
    return reject('dispute_unknown', { challenge: body.challenge });
  // 2 committee_not_voting: the answer period of its present instance runs
  const { phase, subject, drawn } = committee;
  const answer = `answer:${subject}` as const;
  // Arbiters may answer before theirs starts: nobody waits for a draw.
  const answering = state.timers.started.has(answer) || (!drawn && state.timers.unstarted.has(answer));
  if (!answering || (phase !== 'voting' && phase !== 'certified')) return reject('committee_not_voting', { phase });
  // 3 ballot_other
  if (committee.ballot !== body.ballot) return reject('ballot_other', { ballot: committee.ballot });
  // 4 vote_*: each vote is a seat's
  const votes = readVotes(context, committee, entry.evidence.envelopes, readJuryVote);
  if (isRejection(votes)) return votes;
  if (phase === 'certified') {
    // 5 commit_judged: after the ruling an entry must bring votes that were not recorded
    if (votes.length === 0) return reject('commit_judged', { verdict: committee.verdict });
    return () => recordVotes(context, committee, votes);
  }
  const decided = decidedVerdict(committee, countVotes(committee, votes));
  // 6 votes_too_few: K that match, or from half of the period on any new
  if (decided === null || decided === 'undecidable') return recordOnly(context, committee, votes);
  // 7 ruling_other: they say what the entry says
  if (decided !== ruling) return reject('ruling_other', { ruling: decided });
  return () => {
    recordVotes(context, committee, votes);
    ruleInstance(context, committee, ruling);
  };
}
