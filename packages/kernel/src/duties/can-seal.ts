import { type ChallengeClass, type Cid, type CommitId, isJuryClass, type Micro } from '@canswarm/protocol';
import { challengedNeed, liveOf, sealBond } from '../challenges.ts';
import { logFee } from '../log-fees.ts';
import { freeBalance } from '../pool.ts';
import { shownBond } from '../proofs/cost.ts';
import type { State } from '../state.ts';
import type { Me } from './duty.ts';

/** About the log space of a seal, and of its opening besides what that shows, in bytes each. */
const SEAL_BYTES = 2_048;

/**
 * What a key has to have free to lay a seal now and open it: the bond, what judging the proof adds to it, and the log space of both.
 * `shown` are the envelopes and blocks of the opening. Null: the subject is settled, or there is none.
 */
export function sealFunds(
  state: State,
  { subject, class: kind }: { readonly subject: Cid; readonly class: ChallengeClass },
  shown: readonly Uint8Array[] = [],
): Micro | null {
  const { params, commits, challenges } = state;
  const need = challengedNeed(state, subject);
  if (need === undefined) return null;
  const commit = commits.get(subject as CommitId) ?? null;
  const bond = sealBond(state, kind, { commit, need }, (challenges.get(subject) ?? []).length);
  const bytes = shown.reduce((sum, { length }) => sum + length, 0);
  const logs = logFee(params, SEAL_BYTES) + logFee(params, SEAL_BYTES + bytes);
  return bond + logs + (isJuryClass(kind) ? 0 : shownBond(params, { class: kind, commit }, shown));
}

/** Whether a key can pay for a seal and its opening: who cannot would pay for one refusal after the other, or lose a bond that it cannot open. */
export function canSeal(
  state: State,
  { did }: Me,
  subject: Cid,
  kind: ChallengeClass,
  shown: readonly Uint8Array[] = [],
): boolean {
  const funds = sealFunds(state, { subject, class: kind }, shown);
  return funds !== null && freeBalance(state, did) >= funds && liveOf(state, did) < state.params.maxSealsPerKey;
}
