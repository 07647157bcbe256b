import { FAULT_KINDS } from './fault-kinds.ts';
import type { Wanted } from './plan.ts';

/** What a run was like, in full: nothing of it is drawn but how its faults go. */
export type Sized = Wanted & Required<Pick<Wanted, 'nodes' | 'needs' | 'faults'>>;

export interface Shrunk {
  readonly wanted: Sized;
  /** Runs that it took. */
  readonly runs: number;
}

/** Runs at most, unless it is said otherwise. */
const RUNS = 100;
/** Where the number of ticks is cut from, when a run had no bound of its own. */
const TICKS = 8_192;

/**
 * Looks for less that fails in the same way: fewer needs, nodes, kinds of faults, and faults that stop earlier. Tries one change after
 * the other, keeps each with which `fails` still says so, and ends when none does or after so many runs. The same failure shrinks the same way.
 */
export async function shrink(
  failing: Sized,
  fails: (wanted: Sized) => Promise<boolean>,
  most: number = RUNS,
): Promise<Shrunk> {
  let wanted = failing;
  let runs = 0;
  const tried = new Set<string>([JSON.stringify(failing)]);
  for (;;) {
    let isLess = false;
    for (const less of lesser(wanted)) {
      const name = JSON.stringify(less);
      if (tried.has(name)) continue;
      if (runs >= most) return { wanted, runs };
      tried.add(name);
      runs += 1;
      if (!(await fails(less))) continue;
      wanted = less;
      isLess = true;
      break;
    }
    if (!isLess) return { wanted, runs };
  }
}

/** Changes to try, the boldest first. */
function* lesser(wanted: Sized): Iterable<Sized> {
  const { needs, nodes, faults, ticks = TICKS } = wanted;
  if (needs > 1) yield { ...wanted, needs: Math.floor(needs / 2) };
  if (nodes > 1) yield { ...wanted, nodes: Math.floor(nodes / 2) };
  if (faults.length > 1) yield { ...wanted, faults: [] };
  for (const kind of FAULT_KINDS)
    if (faults.includes(kind)) yield { ...wanted, faults: faults.filter((other) => other !== kind) };
  if (ticks > 1 && faults.length > 0) yield { ...wanted, ticks: Math.floor(ticks / 2) };
  if (needs > 1) yield { ...wanted, needs: needs - 1 };
  if (nodes > 1) yield { ...wanted, nodes: nodes - 1 };
}
