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

/** What became of the round. */
export type Slot = 'open' | 'taken';

/** One slot of a decision: the first that decides it wins, and who loses is told so only once somebody won or the need was closed. */
export const slots: Model<SlotInput, SlotOutput, Slot> = {
  name: 'slots',
  initialOf: () => 'open',
  keyOf: ({ key }) => key,
  changes: (_, output) => output?.did !== false,
  step(slot, { does }, output) {
    if (does === 'close' || output === undefined) return 'taken';
    return output.did === (slot === 'open') ? 'taken' : undefined;
  },
  effectOf: ({ does }) => does,
  isRepeatable: () => true,
  relationOf: ({ does }, output) =>
    does === 'close' || output?.did !== true
      ? { watches: 'every', makes: 'any' }
      : { finds: 'open', makes: { state: 'taken' } },
  textOf: (slot) => slot,
  tell({ does, by }, output) {
    const said = output === undefined ? '?' : output.did ? 'it does' : 'too late';
    return does === 'close' ? `closed by ${by}` : `decide by ${by} -> ${said}`;
  },
};
