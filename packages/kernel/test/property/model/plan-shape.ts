import type { PatchTask } from '@canswarm/protocol';
import { largest } from './committees.ts';
import type { Model, NeedRow } from './tables.ts';

interface Named {
  readonly task: string;
  readonly after: readonly string[];
}

/** Tasks one by one: whatever waits for none that is left, by name. Those that wait for one another for ever are left out. */
export function inOrder<T extends Named>(tasks: readonly T[]): readonly T[] {
  const placed: T[] = [];
  for (;;) {
    const left = tasks.filter((task) => !placed.includes(task));
    const free = left.filter(({ after }) => !left.some(({ task }) => after.includes(task)));
    const [next] = free.sort((a, b) => (a.task < b.task ? -1 : 1));
    if (next === undefined) return placed;
    placed.push(next);
  }
}

/** Whether a patch makes a plan of a need. */
export function isSound(model: Model, need: NeedRow, base: number, patch: readonly PatchTask[]): boolean {
  if (base !== need.version) return false;
  const done = (need.plan?.tasks ?? []).filter(({ state }) => state === 'done').map(({ task }) => task);
  const committee = need.body.seatFee * largest(model, 1);
  const rounds = need.round === 1 ? 2 : 1;
  const most = need.body.plan === null ? 1 : need.body.plan.tasks;
  if (patch.length > most || need.fees - need.owed < committee * (patch.length + rounds)) return false;
  const names = patch.map(({ task }) => task);
  const known = [...names, ...done];
  if (new Set(known).size < known.length || !names.includes('main')) return false;
  const parts = need.body.plan?.parts.length ?? 0;
  for (const { task, part, goal, after } of patch) {
    const isKind = task === 'main' ? part === null && goal === null : part !== null && part < parts;
    const isNeeded = task === 'main' || patch.some((other) => other.after.includes(task));
    if (!isKind || !isNeeded || !after.every((name) => known.includes(name))) return false;
  }
  return inOrder(patch).length === patch.length;
}
