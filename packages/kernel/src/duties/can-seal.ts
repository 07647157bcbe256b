import type { ChallengeClass, Cid } from '@canswarm/protocol';
import { type ChallengeTarget, liveOf, sealBond } from '../challenges.ts';
import { logFee } from '../log-fees.ts';
import { freeBalance } from '../pool.ts';
import type { State } from '../state.ts';
import type { Me } from './duty.ts';

/** About the log space of a seal and its opening, in bytes each. */
const SEAL_BYTES = 2_048;

/** Whether a key can pay for a seal now, its bond and the log space: who cannot would pay for one refusal after the other. */
export function canSeal(
  state: State,
  { did }: Me,
  subject: Cid,
  kind: ChallengeClass,
  target: ChallengeTarget,
): boolean {
  const { params, challenges } = state;
  const bond = sealBond(state, kind, target, (challenges.get(subject) ?? []).length);
  return freeBalance(state, did) >= bond + 2 * logFee(params, SEAL_BYTES) && liveOf(state, did) < params.maxSealsPerKey;
}
