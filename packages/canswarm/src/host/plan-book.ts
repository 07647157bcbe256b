import type { WorkTask } from '@canswarm/agent';
import type { State } from '@canswarm/kernel';
import type { Did, Micro, NeedId } from '@canswarm/protocol';

/** A plan of several tasks that a need has. */
export interface PlanRecord {
  /** How many plans the need had, this one with them. */
  readonly version: number;
  readonly planner: Did | null;
  /** What the planner is paid when the need is final, micro-credits. */
  readonly share: Micro;
  /** In the order of the plan. */
  readonly tasks: readonly WorkTask[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type TaskRow = Mutable<WorkTask>;

/** The plan that a need has after an entry adopted it; tasks that stay are as they were. Null where the work is whole. */
export function planRecord(
  { needs }: Pick<State, 'needs'>,
  root: NeedId,
  before: readonly TaskRow[],
): (PlanRecord & { readonly tasks: readonly TaskRow[] }) | null {
  const need = needs.get(root);
  if (need?.plan == null) return null;
  const { planner, share, tasks } = need.plan;
  const rows = tasks.map(({ task, need: id, part, goal, after, price }): TaskRow => {
    const known = before.find((row) => row.need === id && row.task === task && row.need !== root);
    if (known !== undefined) return known;
    const skill = part === null ? need.body.skill : (need.body.plan?.parts[part]?.skill ?? need.body.skill);
    const standing = { stage: 'open', worker: null, reason: null, attempt: 0 } as const;
    return { task, need: id, skill, goal, after, price, ...standing };
  });
  return { version: need.planVersion, planner, share, tasks: rows };
}
