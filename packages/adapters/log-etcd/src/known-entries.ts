/** Hashes that are remembered, at most. */
const KNOWN_MAX = 65_536;

/**
 * Hashes of entries that are surely in a shard, the latest of them: what is known needs no writing again. Forgetting costs
 * space in the log, never its truth.
 */
export class KnownEntries {
  readonly #hashes = new Set<string>();

  has(hash: Buffer): boolean {
    return this.#hashes.has(hash.toString('latin1'));
  }

  add(hash: Buffer): void {
    const key = hash.toString('latin1');
    this.#hashes.delete(key);
    this.#hashes.add(key);
    if (this.#hashes.size <= KNOWN_MAX) return;
    for (const oldest of this.#hashes) {
      this.#hashes.delete(oldest);
      break;
    }
  }
}
