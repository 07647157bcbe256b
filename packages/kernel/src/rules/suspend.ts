import { toHex, type VerifiedEnvelope } from '@canswarm/protocol';
import { type Context, type Rejection, reject } from '../context.ts';
import { resultSubject } from '../need-life.ts';
import { askedAbout, type EvaluatedVote, evaluatedVote, isSuspended } from '../policy/divergence.ts';
import type { Rule } from './rule.ts';

/** SUSPEND: a member that voted by another evaluation than the law's is kept out of draws. Spec: `spec/04-verbs.md`, SUSPEND. */
export const judgeSuspend: Rule<'SUSPEND'> = (context, { entry, payload }) => {
  const { state } = context;
  const { member: did, vote: id } = payload.body;
  // 1 member_unknown: the member has a chain
  if ((state.members.get(did)?.tip ?? null) === null) return reject('member_unknown', { member: did });
  const before = state.suspensions.get(did);
  // 2 suspended_before: it may be drawn
  if (isSuspended(state, did)) return reject('suspended_before', { member: did, position: before?.position ?? null });
  const { envelopes } = entry.evidence;
  const [shown] = envelopes;
  const vote = shown === undefined ? null : evaluatedVote(shown);
  // 3 divergence_unfit: the evidence is one vote of the member, the one named
  if (shown?.id !== id || vote === null || vote.from !== did || envelopes.length > 1)
    return reject('divergence_unfit', { vote: id, member: did });
  const head = judgeWhen(context, shown, before?.conformedAt ?? 0);
  if (head !== null) return head;
  const asked = askedAbout(state, vote);
  // 5 need_unknown, commit_unknown: what it is about is not settled
  if (asked === undefined && vote.verb === 'ATTEST_PLAN') return reject('need_unknown', { need: vote.body.need });
  if (asked === undefined && vote.verb !== 'ATTEST_PLAN') return reject('commit_unknown', { commit: vote.body.commit });
  // 6 seals_due: while seals are gathered nobody shows a vote
  if (isSealed(context, vote)) return reject('seals_due', { from: did });
  const [due, named] = [asked?.digest ?? null, vote.body.policyDigest].map((one) => (one == null ? null : toHex(one)));
  // 7 digest_same: it names another evaluation than the law's own
  if (due === named) return reject('digest_same', { digest: due ?? null });
  return () => {
    state.suspensions.set(did, { vote: id, position: context.position, conformedAt: null });
    context.emit({ type: 'member_suspended', did, vote: id, named: named ?? null, due: due ?? null });
  };
};

/**
 * 4 network_other, vote_head_forked, vote_head_early: made for this log since the member conformed last. The digest of its head is not looked
 * at: whose engine decides otherwise comes to another history by that.
 */
function judgeWhen({ state }: Context, { payload }: VerifiedEnvelope, earliest: number): Rejection | null {
  const { head, from, network } = payload;
  if (network !== state.network) return reject('network_other', { from, network });
  if (head.incarnation !== state.incarnation || head.position > state.position)
    return reject('vote_head_forked', { from, incarnation: head.incarnation, position: head.position });
  return head.position < earliest ? reject('vote_head_early', { from, position: head.position, earliest }) : null;
}

/** Whether a vote on a result is one that seats are still to seal. */
function isSealed({ state }: Context, vote: EvaluatedVote): boolean {
  if (vote.verb === 'ATTEST_PLAN') return false;
  const committee = state.committees.get(resultSubject(vote.body.commit));
  return committee?.sealed === true && (committee.phase === 'voting' || committee.phase === 'drawing');
}
