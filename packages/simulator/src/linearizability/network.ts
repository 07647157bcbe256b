import { type BalanceInput, type BalanceOutput, balances } from './balances.ts';
import { type LeaseInput, type LeaseOutput, type LeaseState, leases } from './leases.ts';
import type { Model } from './model.ts';
import { type Slot, type SlotInput, type SlotOutput, slots } from './slots.ts';

/** What senders of entries called and were answered, on one object each. */
export type NetworkInput = SlotInput | LeaseInput | BalanceInput;
export type NetworkOutput = SlotOutput | LeaseOutput | BalanceOutput;

/** Whether a slot is taken, who holds a lease, or what is in an account. */
export type NetworkState = Slot | LeaseState | number;

/** The models as those of any of the objects: each is asked only of what is on objects of its own kind. */
type AnyModel = Model<NetworkInput, NetworkOutput, NetworkState>;
const MODELS: Readonly<Record<NetworkInput['on'], AnyModel>> = {
  slot: slots as Model<never, never, never> as AnyModel,
  lease: leases as Model<never, never, never> as AnyModel,
  balance: balances as Model<never, never, never> as AnyModel,
};

/** The decision slots, leases and accounts of a network, each for itself: what is done to one object is of one kind. */
export const networkObjects: AnyModel = {
  name: 'network',
  initialOf: (key) => MODELS[key.split('/', 1)[0] as NetworkInput['on']].initialOf(key),
  keyOf: ({ key }) => key,
  changes: (input, output) => MODELS[input.on].changes(input, output),
  step: (state, input, output) => MODELS[input.on].step(state, input, output),
  effectOf: (input, output) => MODELS[input.on].effectOf(input, output),
  isRepeatable: (input) => MODELS[input.on].isRepeatable(input),
  relationOf: (input, output) => MODELS[input.on].relationOf(input, output),
  mayAnswer: (state, calls, input, output) => MODELS[input.on].mayAnswer?.(state, calls, input, output) ?? true,
  textOf(state) {
    if (typeof state === 'string') return slots.textOf(state);
    return typeof state === 'number' ? balances.textOf(state) : leases.textOf(state);
  },
  tell: (input, output) => MODELS[input.on].tell(input, output),
};
