import { MAIN_TASK, type NeedBody, type PatchTask } from '@canswarm/protocol';
import { orderTasks } from './order.ts';

/** What a patch builds on. */
export interface PlanBase {
  readonly version: number;
  readonly division: NeedBody['plan'];
  /** Tasks of the plan that are done: they stay. */
  readonly done: ReadonlySet<string>;
  /** Tasks that the need's fees pay a committee for, `main` with them. */
  readonly affordable: number;
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** The tasks of a patch in the order of the plan that it makes, or why it makes none. Source: `spec/04-verbs.md`, plans. */
export function readPatch(base: PlanBase, version: number, patch: readonly PatchTask[]): readonly PatchTask[] | string {
  if (version !== base.version) return `builds on version ${version} of the plan, which is at ${base.version}`;
  const most = Math.min(base.division?.tasks ?? 1, base.affordable);
  if (patch.length > most) return `${patch.length} tasks where ${most} may be`;
  const [only] = patch;
  if (patch.length === 1 && only?.task === MAIN_TASK && only.after.length === 0)
    return taskFault(base, NO_NAMES, only) ?? patch;
  const names = new Set(patch.map(({ task }) => task));
  if (names.size < patch.length) return 'a task stands twice';
  for (const task of patch) {
    const fault = taskFault(base, names, task);
    if (fault !== null) return fault;
  }
  if (!names.has(MAIN_TASK)) return `no task ${MAIN_TASK}`;
  const ordered = orderTasks(patch);
  if ('cycle' in ordered) return `a circle: ${ordered.cycle.join(' after ')}`;
  const needed = new Set(patch.flatMap(({ after }) => after));
  const idle = patch.find(({ task }) => task !== MAIN_TASK && !needed.has(task));
  return idle === undefined ? ordered.order : `nothing comes after ${idle.task}`;
}

function taskFault(base: PlanBase, names: ReadonlySet<string>, { task, part, goal, after }: PatchTask): string | null {
  if (base.done.has(task)) return `${task} is done already`;
  if (task === MAIN_TASK && (part !== null || goal !== null)) return `${MAIN_TASK} is the need's own work`;
  if (task !== MAIN_TASK && (part === null || part >= (base.division?.parts.length ?? 0)))
    return `${task} is no part of the need's`;
  const unknown = after.find((name) => !names.has(name) && !base.done.has(name));
  return unknown === undefined ? null : `${task} comes after ${unknown}, which is no task`;
}
