import type { VerifiedEntry } from '@canswarm/protocol';
import type { Applied } from '../../../src/apply.ts';
import type { KernelEvent } from '../../../src/events.ts';
import type { State } from '../../../src/state.ts';
import type { Model } from '../model/tables.ts';

/** An entry and what the law made of it. */
export interface Seen {
  readonly entry: VerifiedEntry;
  readonly applied: Applied;
  /** Log time before it, and after. */
  readonly from: number;
  readonly to: number;
}

/** An entry that was just applied, after all that came before it. */
export interface Step extends Seen {
  readonly state: State;
  /** Has followed the entry already. */
  readonly model: Model;
  /** Every entry so far, this one last. */
  readonly trace: readonly Seen[];
}

/** A property, shown by a checker that looks at what happened and at nothing that the law remembers. */
export interface Property {
  readonly id: string;
  /** What holds, in words. */
  readonly holds: string;
  /** Whether it asks the model anything but what the genesis says: where the law led that astray, it cannot be checked any more. */
  readonly needsModel: boolean;
  /** Yields what does not hold after this entry. */
  check(step: Step): Iterable<string>;
}

type Of<T extends KernelEvent['type']> = Extract<KernelEvent, { type: T }>;

/** Events of one type among some. */
export const ofType = <T extends KernelEvent['type']>(events: readonly KernelEvent[], type: T): readonly Of<T>[] =>
  events.filter((event): event is Of<T> => event.type === type);

/** Events of one type so far. */
export const everOf = <T extends KernelEvent['type']>(trace: readonly Seen[], type: T): readonly Of<T>[] =>
  trace.flatMap(({ applied }) => ofType(applied.events, type));

/** The last entry before the present one that had such an event. */
export const lastSeen = (trace: readonly Seen[], has: (event: KernelEvent) => boolean): Seen | undefined =>
  trace.slice(0, -1).findLast(({ applied }) => applied.events.some(has));
