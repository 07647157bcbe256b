import type { Payload } from '@canswarm/protocol';
import { challengesOf } from '../challenges.ts';
import { hearingOf } from '../jury.ts';
import { resultSubject } from '../need-life.ts';
import type { Commit, Need, State } from '../state.ts';
import { causeOf } from '../votes.ts';
import { canSeal } from './can-seal.ts';
import type { Me, OwnDuty, View } from './duty.ts';

/** Names a key's dispute of a result: it opens one at most. */
export const disputeKey = (commit: string, did: string): string => `dispute/${commit}/${did}`;
/** Names a requester's own look at a result that others passed: failed only if it does not pass. */
export const reviewKey = (commit: string, did: string): string => `review/${commit}/${did}`;

/** Results that were judged by opinion: who was outvoted there is no witness of a fact. */
const OPINION_TIER = 6;

/**
 * Who found by itself that a result is wrong which its committee passed has a jury decide: a verifier that voted against it, or a requester whose own
 * check refuses it. Once for each result, where the law lets it and the bond can be paid, and not while somebody else disputes it.
 */
export function disputeDuties(state: State, view: View, me: Me, need: Need, commit: Commit): readonly OwnDuty[] {
  if (me.disputes === 'off' || (me.disputes === 'facts' && need.body.tier === OPINION_TIER)) return [];
  const { id } = commit;
  const isOpen = commit.verdict === 'pass' && need.phase === 'verified' && !commit.overturned && !commit.windowClosed;
  const key = disputeKey(id, me.did);
  if (!isOpen || view.signedAt(need.id, key) !== null || challengesOf(state, id, 'wrong_output').length > 0) return [];
  const review = reviewKey(id, me.did);
  const reviewed = need.requester === me.did && me.checks ? view.work(need.id, review) : 'done';
  const isWrong = reviewed === 'failed' || votedAgainst(state, view, me, need, commit);
  // Who could hear it is asked last: few have anything to say.
  if ((reviewed !== 'none' && !isWrong) || !mayDispute(state, me, commit)) return [];
  return reviewed === 'none' ? [{ key: review, type: 'review', commit: id }] : [{ key, type: 'dispute', commit: id }];
}

/** Whether the law would take a seal of this key now: somebody can hear it, and its bond and log space can be paid. */
function mayDispute(state: State, me: Me, commit: Commit): boolean {
  return (
    canSeal(state, me, commit.id, 'wrong_output') &&
    hearingOf(state, { commit, challenge: null, asker: me.did }, 1) !== null
  );
}

const isFail = (payload: Payload): boolean => payload.verb === 'REJECT' && payload.body.verdict === 'fail';

/**
 * Whether this key, as a seat, found that the result does not pass: by the log, or by its own vote that no entry brought there. What its
 * work took is no matter of the result, and jurors do not measure it.
 */
function votedAgainst(state: State, view: View, me: Me, need: Need, { id }: Commit): boolean {
  const seats = state.committees.get(resultSubject(id))?.seats ?? [];
  if (!me.verifies) return false;
  return (
    seats.some(({ did, vote }) => did === me.did && vote?.verdict === 'fail' && vote.cause === undefined) ||
    view
      .votes(need.id, id)
      .some((vote) => vote.payload.from === me.did && isFail(vote.payload) && causeOf(vote).cause === undefined)
  );
}
