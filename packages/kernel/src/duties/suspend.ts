import type { Cid, Did, VerifiedEnvelope } from '@canswarm/protocol';
import { canPayLog } from '../log-fees.ts';
import { diverges, isSuspended } from '../policy/divergence.ts';
import type { Need, State } from '../state.ts';
import type { OwnDuty, SharedDuty, View } from './duty.ts';

/** Bytes that a CONFORM takes besides its vector, of which most are small. */
const CONFORM_BYTES = 32_768;

/** SUSPEND: votes on what a need has open that name another evaluation than the law's own, one of each member. */
export function suspendDuties(state: State, view: View, need: Need): readonly SharedDuty[] {
  const subjects: readonly Cid[] = [need.id, ...need.commits];
  const shown = new Map<Did, VerifiedEnvelope>();
  for (const vote of subjects.flatMap((subject) => view.votes(need.id, subject))) {
    const { from } = vote.payload;
    if (diverges(state, vote) && !shown.has(from) && isSuspendable(state, vote)) shown.set(from, vote);
  }
  return [...shown].map(([member, vote]) => ({
    key: `suspend/${member}/${state.suspensions.get(member)?.conformedAt ?? 0}`,
    first: [],
    complete: true,
    type: 'suspend',
    member,
    vote: vote.id,
    evidence: [vote],
  }));
}

function isSuspendable(state: State, { payload }: VerifiedEnvelope): boolean {
  const { from, head } = payload;
  const isMember = (state.members.get(from)?.tip ?? null) !== null;
  return isMember && !isSuspended(state, from) && head.position >= (state.suspensions.get(from)?.conformedAt ?? 0);
}

/** CONFORM: a suspended key answers for the vector of the policy that holds. */
export function conformDuty(state: State, did: Did): Extract<OwnDuty, { type: 'conform' }> | null {
  const suspension = state.suspensions.get(did);
  if (suspension === undefined || suspension.conformedAt !== null) return null;
  if (!canPayLog(state, 'CONFORM', did, CONFORM_BYTES)) return null;
  return { key: `conform/${did}/${suspension.position}`, type: 'conform' };
}
