import type { Model } from './model.ts';

/** An entry that would decide a round of a need, or that closes the need. */
export interface SlotInput {
  readonly on: 'slot';
  /** `slot/NEED/ROUND` */
  readonly key: string;
  readonly does: 'decide' | 'close';
  /** The entry. */
  readonly by: string;
}

/** Whether it took effect: a DECIDE that is told that the round is not open any more did not. */
export interface SlotOutput {
  readonly did: boolean;
}

/** What became of the round: null while it is open. */
type Slot = string | null;

/** One slot of a decision: the first that decides it wins, and who loses is told so only once somebody won or the need was closed. */
export const slots: Model<SlotInput, SlotOutput, Slot> = {
  name: 'slots',
  initial: null,
  keyOf: ({ key }) => key,
  changes: (_, output) => output?.did !== false,
  step(slot, { does, by }, output) {
    if (does === 'close' || output === undefined) return slot ?? by;
    if (output.did) return slot === null ? by : undefined;
    return slot === null ? undefined : slot;
  },
  mayAnswer: () => true,
  textOf: (slot) => slot ?? 'open',
  tell({ does, by }, output) {
    const said = output === undefined ? '?' : output.did ? 'it does' : 'too late';
    return does === 'close' ? `closed by ${by}` : `decide by ${by} -> ${said}`;
  },
};
