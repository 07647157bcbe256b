import type { Did, Micro } from '@canswarm/protocol';
import { workBond } from '../need-money.ts';
import { freeBalance } from '../pool.ts';
import type { Need, State } from '../state.ts';
import { canTake } from '../trials.ts';

interface Task {
  readonly price: Micro;
  readonly worker: Did | null;
}

/** What a planner locks that divides the work: what a worker of the whole would. */
export const planBond = (state: State, need: Need): Micro => workBond(state, need);

/** Whether those who would work may, and those who would answer for a bid have it free: each worker its own task's bond, who divides the work the plan's. */
export function canBond(
  state: State,
  need: Need,
  { planner, offers }: { readonly planner: Did | null; readonly offers: readonly Task[] },
): boolean {
  const isDivided = offers.length > 1;
  if (isDivided && planner !== null && freeBalance(state, planner) < planBond(state, need)) return false;
  return offers.every(({ worker, price }) => {
    const body = isDivided ? { ...need.body, priceCap: price } : need.body;
    return worker === null || canTake(state, { body, level: need.level, requester: need.requester }, worker);
  });
}
