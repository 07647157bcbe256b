/**
 * A map that forgets: at most `2 * generation` entries, in two generations. A hit in the old generation moves the entry to
 * the young one; when the young one is full it becomes the old one. Costs two map look-ups and no timers.
 */
export class BoundedCache<K, V> {
  readonly #generation: number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  /** @param generation entries a generation may hold, at least 1 */
  constructor(generation: number) {
    if (!Number.isInteger(generation) || generation < 1) throw new RangeError(`not a cache size: ${generation}`);
    this.#generation = generation;
  }

  /** Invariant: size <= 2 * generation. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old === undefined) return undefined;
    this.#old.delete(key);
    this.set(key, old);
    return old;
  }

  set(key: K, value: V): void {
    if (this.#young.size >= this.#generation && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
