import { compareText } from '@canswarm/protocol';

/** What a task is named, and which tasks it comes after. */
export interface Linked {
  readonly task: string;
  readonly after: readonly string[];
}

/** Tasks in order, or a circle of them: each comes after the next, the last is the first again. */
export type Ordered<T> = { readonly order: readonly T[] } | { readonly cycle: readonly string[] };

/**
 * The one order of a plan: of the tasks whose predecessors all stand, the least name comes next. It does not depend on how the tasks
 * are listed. Names outside the list stand already. Source: `spec/04-verbs.md`, plans.
 */
export function orderTasks<T extends Linked>(tasks: readonly T[]): Ordered<T> {
  const waiting = new Map([...tasks].sort((a, b) => compareText(a.task, b.task)).map((task) => [task.task, task]));
  const order: T[] = [];
  while (waiting.size > 0) {
    const next = [...waiting.values()].find(({ after }) => after.every((name) => !waiting.has(name)));
    if (next === undefined) return { cycle: cycleIn(waiting) };
    order.push(next);
    waiting.delete(next.task);
  }
  return { order };
}

/** Where every task waits for another, following the least that each waits for leads round. */
function cycleIn(waiting: ReadonlyMap<string, Linked>): readonly string[] {
  const path: string[] = [];
  let name = [...waiting.keys()][0];
  while (name !== undefined && !path.includes(name)) {
    path.push(name);
    name = [...(waiting.get(name)?.after ?? [])].filter((other) => waiting.has(other)).sort(compareText)[0];
  }
  return name === undefined ? path : [...path.slice(path.indexOf(name)), name];
}
