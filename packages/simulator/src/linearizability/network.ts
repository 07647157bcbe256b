import { type BalanceInput, type BalanceOutput, balances } from './balances.ts';
import { type LeaseInput, type LeaseOutput, type LeaseState, leases } from './leases.ts';
import type { Model } from './model.ts';
import { type SlotInput, type SlotOutput, slots } from './slots.ts';

/** What senders of entries called and were answered, on one object each. */
export type NetworkInput = SlotInput | LeaseInput | BalanceInput;
export type NetworkOutput = SlotOutput | LeaseOutput | BalanceOutput;

/** Who decided a slot, who holds a lease, or what is in an account; null: as it was at first. */
export type NetworkState = string | LeaseState | number | null;

/** The decision slots, leases and accounts of a network, each for itself: what is done to one object is of one kind. */
export const networkObjects: Model<NetworkInput, NetworkOutput, NetworkState> = {
  name: 'network',
  initial: null,
  keyOf: ({ key }) => key,
  changes: (_, output) => output === undefined || !('did' in output) || output.did,
  step(state, input, output) {
    if (input.on === 'slot') return slots.step(state as string | null, input, output as SlotOutput | undefined);
    if (input.on === 'lease') {
      const before = (state ?? leases.initial) as LeaseState;
      return leases.step(before, input, output as LeaseOutput | undefined);
    }
    return balances.step((state ?? balances.initial) as number, input, output as BalanceOutput | undefined);
  },
  mayAnswer: () => true,
  textOf(state) {
    if (state === null) return 'as at first';
    if (typeof state === 'string') return slots.textOf(state);
    return typeof state === 'number' ? balances.textOf(state) : leases.textOf(state);
  },
  tell(input, output) {
    if (input.on === 'slot') return slots.tell(input, output as SlotOutput | undefined);
    if (input.on === 'lease') return leases.tell(input, output as LeaseOutput | undefined);
    return balances.tell(input, output as BalanceOutput | undefined);
  },
};
