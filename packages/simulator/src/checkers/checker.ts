import type { State } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';

/** Ids of the properties of `spec/09-invariants.md`. */
export type Property = `P${number}`;
/** Those whose subjects are not built yet. */
export const ABSENT: readonly Property[] = ['P7', 'P8'];
/** Those that no checker here watches: generated histories of the law do. */
export const UNWATCHED: readonly Property[] = ['P16', 'P17', 'P18', 'P19'];

/** Says what was seen that must not be. */
export type Fault = (property: Property, detail: string) => void;

/**
 * Watches the log of a run, entry by entry, and believes no state: it counts what entries and events say, and looks at `state`, as it is
 * after the entry, only to compare.
 */
export interface Checker {
  readonly properties: readonly Property[];
  onEntry(applied: AppliedEntry, state: State): void;
}
