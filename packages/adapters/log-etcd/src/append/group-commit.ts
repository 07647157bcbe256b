import { EtcdError } from '../etcd-error.ts';
import { bodyBytes } from '../group-value.ts';
import type { KnownEntries } from '../known-entries.ts';
import { sha256 } from '../layout.ts';
import { NEW_ENTRIES_MAX } from './group-txn.ts';
import { BODY_BYTES_MAX } from './shard-writer.ts';

/** Transactions under way at once: while the cluster works on some, the next gather entries. */
const UNDER_WAY_MAX = 3;

/** One append that waits for its transaction. */
interface Pending {
  readonly entries: readonly Uint8Array[];
  readonly hashes: readonly Buffer[];
  readonly bytes: number;
  readonly settled: PromiseWithResolvers<void>;
}

export interface GroupCommitOptions {
  /** Writes entries that are all different, all or none. */
  readonly write: (entries: readonly Uint8Array[], hashes: readonly Buffer[]) => Promise<void>;
  readonly known: KnownEntries;
  /** Bytes that may wait or be under way; an append that finds less room than it needs is refused, unless nothing waits. */
  readonly waitingBytesMax: number;
  /** Whether what it writes is a part of the log, which may be away by itself. */
  readonly isPart?: boolean;
}

/**
 * Gathers appends into transactions: each takes all that came while those before it were under way, up to its limits.
 *
 * Invariants: an append is written whole, in one transaction; while any waits, a transaction is under way or about to begin.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #appends = new Set<Promise<void>>();
  #waiting: Pending[] = [];
  #bytes = 0;
  #underWay = 0;
  #scheduled = false;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Resolves when the entries are durable. Rejects with an EtcdError, `busy` when too much waits already. */
  append(given: readonly Uint8Array[]): Promise<void> {
    const { known, waitingBytesMax, isPart = false } = this.#options;
    const hashes: Buffer[] = [];
    const entries: Uint8Array[] = [];
    let bytes = 0;
    for (const entry of given) {
      const hash = sha256(entry);
      if (known.has(hash)) continue;
      hashes.push(hash);
      entries.push(entry);
      bytes += bodyBytes(entry);
    }
    if (entries.length === 0) return Promise.resolve();
    if (this.#bytes > 0 && this.#bytes + bytes > waitingBytesMax) {
      const what = `${this.#bytes} bytes wait to be written to etcd already: append again when some are written`;
      return Promise.reject(new EtcdError('busy', what, { isPart }));
    }
    const settled = Promise.withResolvers<void>();
    this.#bytes += bytes;
    // The caller may do with its bytes as it likes from here on.
    this.#waiting.push({ entries: entries.map((entry) => entry.slice()), hashes, bytes, settled });
    this.#schedule();
    const over = settled.promise.finally(() => {
      this.#appends.delete(over);
    });
    this.#appends.add(over);
    return over;
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#appends.size > 0) await Promise.allSettled(this.#appends);
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0 || this.#underWay >= UNDER_WAY_MAX) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#writeNext();
    });
  }

  async #writeNext(): Promise<void> {
    const group = this.#nextGroup();
    if (group.length === 0) return;
    this.#underWay += 1;
    this.#schedule();
    const entries: Uint8Array[] = [];
    const hashes: Buffer[] = [];
    const seen = new Set<string>();
    for (const pending of group) {
      for (const [i, hash] of pending.hashes.entries()) {
        const key = hash.toString('latin1');
        const entry = pending.entries[i];
        if (seen.has(key) || entry === undefined) continue;
        seen.add(key);
        entries.push(entry);
        hashes.push(hash);
      }
    }
    const outcome = await this.#options.write(entries, hashes).then(
      () => null,
      (error: unknown) => ({ error }),
    );
    this.#underWay -= 1;
    for (const { bytes, settled } of group) {
      this.#bytes -= bytes;
      if (outcome === null) settled.resolve();
      else settled.reject(outcome.error);
    }
    this.#schedule();
  }

  /** The appends that come next and fit a transaction; one that fits none goes alone. */
  #nextGroup(): readonly Pending[] {
    let [count, bytes] = [0, 0];
    const end = this.#waiting.findIndex((pending) => {
      count += pending.entries.length;
      bytes += pending.bytes;
      return count > NEW_ENTRIES_MAX || bytes > BODY_BYTES_MAX;
    });
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : Math.max(1, end));
  }
}
