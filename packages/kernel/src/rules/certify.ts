import type { VerifiedEnvelope } from '@canswarm/protocol';
import { type Context, type Effect, isRejection, type Rejection, reject } from '../context.ts';
import { resultSubject } from '../need-life.ts';
import { judgeSeals, opensSeal, readSeal } from '../seals.ts';
import type { Committee, Verdict } from '../state.ts';
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
  if (!answering) {
    return reject('committee_not_voting', { phase: committee.phase });
  }
  // 3 ballot_other
  if (committee.ballot !== body.ballot) return reject('ballot_other', { ballot: committee.ballot });
  const { envelopes } = entry.evidence;
  if (committee.sealed && committee.phase === 'voting') return judgeSealing(context, committee, envelopes);
  // 4 vote_*: each vote is a seat's, and what it sealed
  const votes = readVotes(context, committee, envelopes, readResultVote);
  if (isRejection(votes)) return votes;
  const other = votes.find(({ seat, envelope }) => !opensSeal(committee, seat, envelope, context.sha256));
  if (other !== undefined) return reject('vote_seal_other', { from: other.seat.did });
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

/** Before votes are opened an entry brings seals. */
function judgeSealing(
  context: Context,
  committee: Committee,
  envelopes: readonly VerifiedEnvelope[],
): Rejection | Effect {
  // 4 seals_due, vote_*: each is the seal of a seat
  const early = envelopes.find(({ payload }) => payload.verb === 'ATTEST' || payload.verb === 'REJECT');
  if (early !== undefined) return reject('seals_due', { from: early.payload.from });
  const seals = readVotes(context, committee, envelopes, readSeal, (seat) => seat.seal !== null);
  if (isRejection(seals)) return seals;
  // 6 votes_too_few
  return judgeSeals(context, committee, seals);
}
