import type { NeedRecord } from '@canswarm/api';
import { creditsOf, cut, oneLine, table } from '../text.ts';
import { type Line, wrapped } from './line.ts';
import type { Names } from './names.ts';

type Plan = NonNullable<NeedRecord['plan']>;
type Task = Plan['tasks'][number];

const NAME_CELLS = 24;
const WHAT_CELLS = 40;

/** A plan as a tree of its tasks: each below the task that comes after it, `main` at the top. Nothing where the work is whole. */
export function planLines(plan: NeedRecord['plan'], names: Names, columns: number): readonly Line[] {
  if (plan === null) return [];
  const { planner, share, version, tasks } = plan;
  const by = planner === null ? '' : ` by ${names.full(planner)}, who is paid ${creditsOf(share)}`;
  const head = wrapped(`plan ${version}${by}:`, columns).map((text): Line => [text]);
  const rows = branches(tasks).map(({ task, branch }) => [
    `${branch}${cut(oneLine(task.task), NAME_CELLS)}`,
    cut(oneLine(stateOf(task, tasks)), WHAT_CELLS),
    task.worker === null ? '-' : names.full(task.worker),
    creditsOf(task.price),
    cut(oneLine(task.skill), NAME_CELLS),
  ]);
  const drawn = table([['task', 'state', 'worker', 'price', 'skill'], ...rows]).split('\n');
  return [...head, ...drawn.map((text): Line => [text]), ['']];
}

/** How far the tasks are that others wait for; null while there are none, and once all are final. */
export function tasksText(plan: NeedRecord['plan']): string | null {
  const before = plan?.tasks.filter(({ task }) => plan.tasks.some(({ after }) => after.includes(task))) ?? [];
  const done = before.filter(({ stage }) => stage === 'final').length;
  return done === before.length ? null : `tasks of the plan are done: ${done} of ${before.length} before the last`;
}

interface Branch {
  readonly task: Task;
  /** What stands before its name. */
  readonly branch: string;
}

/** Each task once, below the first of those that come after it. */
function branches(tasks: readonly Task[]): readonly Branch[] {
  const drawn = new Set<string>();
  const below = (task: Task, branch: string, indent: string): readonly Branch[] => {
    drawn.add(task.task);
    const before = tasks.filter((one) => task.after.includes(one.task) && !drawn.has(one.task));
    for (const one of before) drawn.add(one.task);
    const rows = before.flatMap((one, at) => {
      const isLast = at === before.length - 1;
      return below(one, `${indent}${isLast ? '└ ' : '├ '}`, `${indent}${isLast ? '  ' : '│ '}`);
    });
    return [{ task, branch }, ...rows];
  };
  const tops = tasks.filter(({ task }) => !tasks.some(({ after }) => after.includes(task)));
  return tops.flatMap((task) => below(task, '', ''));
}

/** Where a task stands; one that has not begun waits for others. */
function stateOf({ stage, reason, after, attempt }: Task, tasks: readonly Task[]): string {
  const open = after.filter((name) => tasks.some(({ task, stage: other }) => task === name && other !== 'final'));
  if (stage === 'open' && open.length > 0) return `waits for ${open.join(', ')}`;
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  return `${reason === null ? stage : `${stage}: ${reason}`}${again}`;
}
