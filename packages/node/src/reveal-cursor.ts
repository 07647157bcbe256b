import { CHAIN_SKIP_MAX } from '@canswarm/kernel';
import type { Store } from '@canswarm/ports';
import type { Did } from '@canswarm/protocol';

/** Values set aside at a time; a restart skips at most so many. */
const BLOCK = 16;

/**
 * Which value of its hash chain a verifier reveals next: downwards, each signed once, over restarts too, because a block
 * is set aside durably before a value of it is used. Source: `spec/05-committees.md`, seeds.
 */
export class RevealCursor {
  readonly #store: Store;
  readonly #key: string;
  /** Values at this index and above were signed, or set aside by an earlier life. */
  #used: number;
  /** Lowest index set aside. */
  #floor: number;

  constructor(store: Store, did: Did) {
    this.#store = store;
    this.#key = `reveal/${did}`;
    const saved = store.get(this.#key);
    this.#used = saved === undefined ? Number.POSITIVE_INFINITY : Number(new TextDecoder().decode(saved));
    this.#floor = this.#used;
  }

  /**
   * How many values are left to go on with, where they lie too far below what the log has for it to follow there: it lost those between, or draws did
   * without them. Then the verifier joins with the value above them. Null: it just goes on.
   */
  cutOff(left: number): number | null {
    const rest = Math.min(left, this.#used);
    return rest > 0 && left - rest >= CHAIN_SKIP_MAX ? rest : null;
  }

  /** The index to reveal next when the log says that `left` reveals are left, or null when there is none that it follows to. */
  next(left: number): number | null {
    const index = Math.min(left, this.#used) - 1;
    if (index < 0 || this.cutOff(left) !== null) return null;
    if (index < this.#floor) {
      this.#floor = Math.max(0, index - BLOCK + 1);
      const value = new TextEncoder().encode(String(this.#floor));
      this.#store.batch([{ key: this.#key, value }], { sync: true });
    }
    this.#used = index;
    return index;
  }
}
