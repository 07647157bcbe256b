import { compareText } from '@canswarm/protocol';
import { affordableTasks } from '../need-money.ts';
import { planBond } from '../plan/bonds.ts';
import { planOf, workerPriceLeft } from '../plan/tasks.ts';
import { freeBalance } from '../pool.ts';
import type { Need, State } from '../state.ts';
import type { Me, OwnDuty, View } from './duty.ts';

/** Names this node's own division of a need by one key. */
export const divisionKey = (need: string, round: number, did: string): string => `divide/${need}/${round}/${did}`;

/** Tasks that a plan of the need may have now. */
export const tasksMax = (state: State, need: Need): number =>
  Math.min(need.body.plan?.tasks ?? 1, affordableTasks(state, need));

/**
 * A planner divides what may be divided, and bids with that. Null: not by this key, or it left the work whole, so that it bids as it
 * would on any need.
 */
export function divideDuties(state: State, view: View, me: Me, need: Need, opens: boolean): readonly OwnDuty[] | null {
  if (!me.divides.has(need.body.skill) || need.body.trial !== null || tasksMax(state, need) < 2) return null;
  if (freeBalance(state, me.did) < planBond(state, need)) return null;
  const { id, round } = need;
  const key = divisionKey(id, round, me.did);
  const divided = view.work(id, key);
  if (divided === 'failed') return null;
  if (!opens) return [];
  if (divided === 'none') return [{ key, type: 'divide', need: id, round }];
  const bid = `bid/${key}`;
  if (divided === 'running' || view.signedAt(id, bid) !== null) return [];
  return [{ key: bid, type: 'propose_division', need: id, round }];
}

/** An open task is claimed by who takes what is paid for it, and can answer for it. */
export function claimDuties(state: State, me: Me, need: Need): readonly OwnDuty[] {
  if (!canClaim(me, need) || waitsItsTurn(state, me, need)) return [];
  const attempt = need.attempt + 1;
  return [{ key: `claim/${need.id}/${attempt}/${me.did}`, type: 'claim', need: need.id, attempt }];
}

function canClaim(me: Me, need: Need): boolean {
  if (need.phase !== 'ready' || !me.worksOn.has(need.body.skill)) return false;
  if (need.failed.has(me.did) || need.requester === me.did) return false;
  const least = me.least(need);
  return least !== null && least <= workerPriceLeft(need);
}

/** Of one plan a key claims one task after the other: what is divided is to be done at the same time, by others. */
function waitsItsTurn(state: State, me: Me, need: Need): boolean {
  if (need.parent === null) return false;
  const tasks = (planOf(state, need)?.tasks ?? []).flatMap((task) => state.needs.get(task.need) ?? []);
  if (tasks.some(({ lease }) => lease?.bid.worker === me.did)) return true;
  const open = tasks.filter((task) => canClaim(me, task));
  const [first] = open.sort((a, b) => compareText(a.parent?.task ?? '', b.parent?.task ?? ''));
  return first !== undefined && first.id !== need.id;
}
