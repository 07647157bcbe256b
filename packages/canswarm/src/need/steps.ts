import type { KernelEvent } from '@canswarm/kernel';
import type { BriefEvent } from '../brief/events.ts';

type Entry = Extract<BriefEvent, { type: 'entry' }>;

/** Money that an entry moved, micro-credits: the same movement between the same kinds of account is told once. */
export interface Moved {
  /** Why, as `spec/06-money.md` names it. */
  readonly code: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  /** How many movements that were. */
  readonly times: number;
}

/** One step of a need's life. */
export interface Step {
  /** In the log. */
  readonly position: number;
  /** Log time, ms; and since something followed the need: while nothing happens log time stands still. */
  readonly time: number;
  readonly sinceMs: number;
  readonly verb: string;
  readonly from: string;
  readonly name: string;
  readonly accepted: boolean;
  /** Why it was rejected. */
  readonly code: string | null;
  readonly moved: readonly Moved[];
  readonly entry: Entry;
}

/** The steps of a need's life from the entries that touched it. Entries that were rejected changed nothing, and are steps too. */
export function stepsOf(entries: readonly Entry[]): readonly Step[] {
  const [first, second] = entries;
  const startedAt = second?.time ?? first?.time ?? 0;
  return entries.map((entry) => ({
    position: entry.position,
    time: entry.time,
    sinceMs: Math.max(0, entry.time - startedAt),
    verb: entry.verb,
    from: entry.from,
    name: entry.role,
    accepted: entry.accepted,
    code: entry.code,
    moved: movedBy(entry.events),
    entry,
  }));
}

/** Movements of money among events, alike ones together, in the order in which they first came. */
export function movedBy(events: readonly KernelEvent[]): readonly Moved[] {
  const moved = new Map<string, Moved>();
  for (const event of events) {
    if (event.type !== 'posting' || event.amount === 0) continue;
    const { code, amount } = event;
    const [from, to] = [kindOf(event.debit), kindOf(event.credit)];
    const key = `${code} ${from} ${to}`;
    const known = moved.get(key) ?? { code, from, to, amount: 0, times: 0 };
    moved.set(key, { ...known, amount: known.amount + amount, times: known.times + 1 });
  }
  return [...moved.values()];
}

/** `free`, `escrow`, `bond`, `stake`, `reserve`, `burn`, `mint`. */
const kindOf = (account: string): string => account.split('/', 1)[0] ?? account;
