import { isRejection, reject } from '../context.ts';
import { resultSubject } from '../need-life.ts';
import type { Verdict } from '../state.ts';
import { certify } from '../verdict.ts';
import { countVotes, decidedVerdict, readVotes, recordVotes } from '../votes.ts';
import { recordOnly } from './decide.ts';
import { readResultVote } from './result-vote.ts';
import type { Rule } from './rule.ts';

/** CERTIFY: K matching votes make a verdict. Spec: `spec/04-verbs.md`, CERTIFY. */
export const judgeCertify: Rule<'CERTIFY'> = (context, { entry, payload }) => {
  const { state } = context;
  const { body } = payload;
  const commit = state.commits.get(body.commit);
  const committee = state.committees.get(resultSubject(body.commit));
  // 1 commit_unknown
  if (commit === undefined || committee === undefined) return reject('commit_unknown', { commit: body.commit });
  // 2 committee_not_voting: the answer period runs
  const answering = state.timers.started.has(`answer:${committee.subject}`);
  if (!answering || (committee.phase !== 'voting' && committee.phase !== 'certified')) {
    return reject('committee_not_voting', { phase: committee.phase });
  }
  // 3 ballot_other
  if (committee.ballot !== body.ballot) return reject('ballot_other', { ballot: committee.ballot });
  // 4 vote_*: each vote is a seat's
  const votes = readVotes(context, committee, entry.evidence.envelopes, readResultVote);
  if (isRejection(votes)) return votes;
  if (committee.phase === 'certified') {
    // 5 commit_judged: after the verdict an entry must bring votes that were not recorded
    if (votes.length === 0) return reject('commit_judged', { verdict: committee.verdict });
    return () => recordVotes(context, committee, votes);
  }
  const verdict = decidedVerdict(committee, countVotes(committee, votes));
  // 6 votes_too_few
  if (verdict === null) return recordOnly(context, committee, votes);
  return () => {
    recordVotes(context, committee, votes);
    certify(context, commit, committee, verdict as Verdict);
  };
};
