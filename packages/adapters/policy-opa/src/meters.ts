import type { Global, Instance } from '@canswarm/wasm';
import { METER } from './abi.ts';
import { STACK_BYTES } from './compile-policy.ts';
import { Ended } from './ended.ts';

/** What one instance may still use. Once either is below zero the instance is over. */
export class Meters {
  readonly #fuel: Global;
  readonly #stack: Global;
  #granted = 0;

  constructor({ exports }: Instance) {
    this.#fuel = exports[METER.fuel] as Global;
    this.#stack = exports[METER.stack] as Global;
  }

  grant(gas: number): void {
    this.#granted = gas;
    this.#fuel.value = gas;
    this.#stack.value = STACK_BYTES;
  }

  /** Takes gas for what the host does. */
  charge(gas: number): void {
    this.#fuel.value = Math.max(-1, this.#fuel.value - gas);
    if (this.isOutOfGas) throw new Ended('out_of_gas', 'the policy used all its gas');
  }

  get isOutOfGas(): boolean {
    return this.#fuel.value < 0;
  }

  /** All that was granted, once it is gone. */
  get gasUsed(): number {
    return Math.min(this.#granted, this.#granted - this.#fuel.value);
  }
}
