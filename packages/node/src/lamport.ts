import type { Store } from '@canswarm/ports';
import { type Did, nextLamport } from '@canswarm/protocol';

/** Values reserved at a time: about a minute of wall clock. */
const BLOCK = 2 ** 26;

/**
 * Lamport values of one key: strictly increasing over restarts and restored backups, because a block is reserved
 * durably before a value of it is used. Source: `spec/02-envelopes.md`, lamport.
 */
export class LamportClock {
  readonly #store: Store;
  readonly #key: string;
  #last: number;
  #reserved: number;

  constructor(store: Store, did: Did) {
    this.#store = store;
    this.#key = `lamport/${did}`;
    const saved = store.get(this.#key);
    this.#last = saved === undefined ? -1 : Number(new TextDecoder().decode(saved));
    this.#reserved = this.#last;
  }

  /** The next value at local time `now` (ms). */
  next(now: number): number {
    this.#last = nextLamport(this.#last, now);
    if (this.#last >= this.#reserved) {
      this.#reserved = this.#last + BLOCK;
      const value = new TextEncoder().encode(String(this.#reserved));
      this.#store.batch([{ key: this.#key, value }], { sync: true });
    }
    return this.#last;
  }
}
