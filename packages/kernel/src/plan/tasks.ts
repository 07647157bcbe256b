import type { Micro } from '@canswarm/protocol';
import type { Need, Plan, PlanTask, State } from '../state.ts';

/** Tasks of the need's plan that are done: their results are final and stay, whatever plan follows. */
export const doneTasks = (need: Need): readonly PlanTask[] =>
  need.plan?.tasks.filter(({ status }) => status === 'done') ?? [];

/** The plan that a need is part of: its own, or the one that it is a task of. Null where the work is not divided. */
export function planOf(state: State, need: Need): Plan | null {
  if (need.parent === null) return need.plan;
  return state.needs.get(need.parent.need)?.plan ?? null;
}

/** Whether nobody may begin on a need any more, though it has not ended: it is a task of a plan that failed or ended. */
export function isAbandoned(state: State, need: Need): boolean {
  const root = need.parent === null ? undefined : state.needs.get(need.parent.need);
  return root !== undefined && (root.phase === 'final' || root.plan?.broken === true);
}

/** What a plan leaves its planner when the need is done; of a task's own price nothing. */
export const plannersShare = (need: Need): Micro => (need.parent === null ? (need.plan?.share ?? 0) : 0);

/** What a worker that claims the task may be paid at most: the planner's share stays. */
export const workerPriceLeft = (need: Need): Micro => need.pricePool - plannersShare(need);

/** The name of a need's task as entries about its lease say it. */
export const taskName = (need: Pick<Need, 'parent'>): string => need.parent?.task ?? 'main';
