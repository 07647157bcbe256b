import {
  type ChallengeClass,
  type Cid,
  type CommitId,
  type Did,
  type EnvelopeId,
  isJuryClass,
  type Micro,
  type NeedId,
} from '@canswarm/protocol';
import { challengeBondAccount, freeAccount } from './accounts.ts';
import type { Context } from './context.ts';
import { firstJury, hearingFees } from './jury.ts';
import { transferAll } from './ledger.ts';
import { settleNeed } from './need-life.ts';
import { attemptFees } from './need-money.ts';
import { identityOf, JUDGING, loseHalf } from './reputation.ts';
import type { Challenge, Commit, Need, State } from './state.ts';
import { settleSeats } from './verdict.ts';

/** The need that a challenge is about: by one of its commits, or by itself where votes on its plan are challenged. */
export const challengedNeed = ({ commits, needs }: State, subject: Cid): Need | undefined =>
  needs.get(commits.get(subject as CommitId)?.need ?? (subject as string as NeedId));

/** What is challenged. */
export interface ChallengeTarget {
  /** Null where votes on the plan of the need are challenged. */
  readonly commit: Commit | null;
  readonly need: Need;
}

/**
 * The bond of a seal: one attempt's seat fees, or those of the first jury where one decides, and as much again for each live seal
 * beyond `maxSealsPerSubject`. No number of seals that prove nothing keeps out one that does; more of them cost more each.
 */
export function sealBond(state: State, kind: ChallengeClass, { commit, need }: ChallengeTarget, live: number): Micro {
  const fees =
    commit !== null && isJuryClass(kind)
      ? hearingFees(state, commit, firstJury(state, commit))
      : attemptFees(state, need, commit?.level ?? 1);
  return fees * Math.max(1, live - state.params.maxSealsPerSubject + 2);
}

/** Live challenges of one class against one subject, the earliest first. */
export const challengesOf = (state: State, subject: Cid, kind: ChallengeClass): readonly Challenge[] =>
  (state.challenges.get(subject) ?? []).filter((challenge) => challenge.class === kind);

/** Live challenges of one key, over all subjects. */
export const liveOf = ({ challenges }: State, challenger: Did): number =>
  [...challenges.values()].flat().filter((challenge) => challenge.challenger === challenger).length;

export const openingTimer = (challenge: EnvelopeId) => `opening:${challenge}` as const;

/** Removes a challenge that was judged or lapsed; the next of its class gets its time to open. */
export function endChallenge(context: Context, challenge: Challenge): void {
  const { state } = context;
  state.timers.cancel(openingTimer(challenge.id));
  const left = (state.challenges.get(challenge.subject) ?? []).filter((other) => other !== challenge);
  if (left.length === 0) state.challenges.delete(challenge.subject);
  else state.challenges.set(challenge.subject, left);
  const next = left.find((other) => other.class === challenge.class);
  if (
    next !== undefined &&
    !state.timers.unstarted.has(openingTimer(next.id)) &&
    !state.timers.started.has(openingTimer(next.id))
  ) {
    state.timers.open(openingTimer(next.id), state.params.openingMs);
  }
}

/** A seal was not opened in time: its bond burns. */
export function lapseChallenge(context: Context, id: EnvelopeId): void {
  const challenge = [...context.state.challenges.values()].flat().find((candidate) => candidate.id === id);
  if (challenge === undefined) return;
  const { subject, class: kind, challenger } = challenge;
  context.emit({ type: 'challenge_lapsed', subject, class: kind, challenger });
  loseBond(context, challenge);
  endChallenge(context, challenge);
  resumeSettlement(context, subject);
}

/** A challenge that was dismissed or never opened: its bond burns, and half of what its challenger earned by judging is lost. */
export function loseBond(context: Context, challenge: Challenge): void {
  const debit = challengeBondAccount(challenge.id);
  transferAll(context, { code: 'challenge_bond_burned', debit, credit: 'burn' });
  loseHalf(context, JUDGING, identityOf(context.state, challenge.challenger), 'accused falsely');
}

export function returnBond(context: Context, challenge: Challenge): void {
  const debit = challengeBondAccount(challenge.id);
  transferAll(context, { code: 'challenge_bond_returned', debit, credit: freeAccount(challenge.challenger) });
}

/** Seats whose hold passed while a challenge was open are paid when it ends; a need that waited for it is settled. */
export function resumeSettlement(context: Context, subject: Cid): void {
  const commit = context.state.commits.get(subject as CommitId);
  if (commit !== undefined) settleSeats(context, commit);
  const need = context.state.needs.get(subject as string as NeedId);
  if (need !== undefined) settleNeed(context, need);
}
