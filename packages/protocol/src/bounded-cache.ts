/**
 * A map that forgets: it holds at most twice `generation`, counted in the weights of its entries, in two generations. A hit in
 * the old generation moves the entry to the young one; when the young one is full it becomes the old one. Costs two look-ups,
 * no timers.
 */
export class BoundedCache<K, V> {
  readonly #generation: number;
  #young = new Map<K, { readonly value: V; readonly weight: number }>();
  #old = this.#young;
  #youngWeight = 0;
  #oldWeight = 0;

  /** @param generation weight a generation may hold, at least 1 */
  constructor(generation: number) {
    if (!Number.isInteger(generation) || generation < 1) throw new RangeError(`not a cache size: ${generation}`);
    this.#generation = generation;
    this.#old = new Map();
  }

  /** Invariant: weight <= 2 * generation. */
  get weight(): number {
    return this.#youngWeight + this.#oldWeight;
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young.value;
    const old = this.#old.get(key);
    if (old === undefined) return undefined;
    this.set(key, old.value, old.weight);
    return old.value;
  }

  /** Remembers an entry. One heavier than a generation is not kept. */
  set(key: K, value: V, weight = 1): void {
    this.#forget(key);
    if (weight > this.#generation) return;
    if (this.#youngWeight + weight > this.#generation) {
      this.#old = this.#young;
      this.#oldWeight = this.#youngWeight;
      this.#young = new Map();
      this.#youngWeight = 0;
    }
    this.#young.set(key, { value, weight });
    this.#youngWeight += weight;
  }

  #forget(key: K): void {
    const young = this.#young.get(key);
    if (young !== undefined && this.#young.delete(key)) this.#youngWeight -= young.weight;
    const old = this.#old.get(key);
    if (old !== undefined && this.#old.delete(key)) this.#oldWeight -= old.weight;
  }
}

/** A set that forgets: it holds at most twice `generation`, in two generations, as `BoundedCache` does. */
export class BoundedSet<K> {
  readonly #generation: number;
  #young = new Set<K>();
  #old: ReadonlySet<K> = new Set();

  /** @param generation how many a generation may hold, at least 1 */
  constructor(generation: number) {
    if (!Number.isInteger(generation) || generation < 1) throw new RangeError(`not a size of a set: ${generation}`);
    this.#generation = generation;
  }

  /** Remembers a key, and says whether it was there. */
  meet(key: K): boolean {
    if (this.#young.has(key)) return true;
    const isOld = this.#old.has(key);
    if (this.#young.size >= this.#generation) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(key);
    return isOld;
  }
}
