import type { State } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';

/** Ids of the properties of `spec/09-invariants.md`. */
export type Property = `P${number}`;
/** Those whose subjects are not built yet, and what lacks. */
export const ABSENT: Readonly<Record<Property, string>> = {
  P7: 'no checkpoints are taken',
  P8: 'there is one shard',
};

/** Says what was seen that must not be. */
export type Fault = (property: Property, detail: string) => void;

/**
 * Watches the log of a run, entry by entry, and believes no state: it counts what entries and events say, and looks at `state`, as it is
 * after the entry, only to compare.
 */
export interface Checker {
  readonly properties: readonly Property[];
  onEntry(applied: AppliedEntry, state: State): void;
  /** Looks at one node after each entry that it applies; `onEntry` was called of that entry before. */
  onNode?(applied: AppliedEntry, state: State, name: string): void;
}
