import { StorageError } from '@canswarm/ports';

/** One append that waits for its transaction. */
interface Pending {
  readonly shard: string;
  readonly entries: readonly Uint8Array[];
  readonly settled: PromiseWithResolvers<void>;
}

/** Entries and bytes after which a transaction is full; an append is never split, so the last may go beyond. */
const GROUP_MAX = 4096;
const GROUP_BYTES_MAX = 16 * 1024 * 1024;

/**
 * How long to wait before asking again for a file that another process holds: least, and at random on top, ms; longer by a
 * share of the time that it was held for, up to a bound, since who holds it for long does not take turns.
 */
const RETRY_MS = 1;
const RETRY_SPAN_MS = 4;
const RETRY_SHARE = 0.02;
const RETRY_MS_MAX = 50;

/** A process that has just written leaves the file to others for so long, if any has written within `CONTENDED_MS`. */
const YIELD_MS = 2;
const CONTENDED_MS = 20;

export interface GroupCommitOptions {
  /** Writes all appends given in one durable transaction, or throws having written none. */
  readonly write: (group: readonly Omit<Pending, 'settled'>[]) => void;
  /** How long a group may wait for another process before it fails with `locked`. */
  readonly lockedMs: number;
}

/**
 * Gathers the appends of one turn of the event loop into one transaction: the disk is waited for once for all of them. SQLite
 * gives its write lock to whoever asks at the right moment; so that no process starves, one that has just written lets the
 * others go first while they write too.
 *
 * Invariant: appends are written in the order they came; while any waits, a turn is scheduled.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #waiting: Pending[] = [];
  #lockedSinceMs: number | null = null;
  /** When another process, and this one, wrote last. */
  #foreignAtMs = Number.NEGATIVE_INFINITY;
  #ownAtMs = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | null = null;
  #yields = false;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Resolves when the entries are durable, rejects when they are not written. */
  append(shard: string, entries: readonly Uint8Array[]): Promise<void> {
    const settled = Promise.withResolvers<void>();
    this.#waiting.push({ shard, entries, settled });
    this.#schedule();
    return settled.promise;
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#waiting.length > 0) await Promise.allSettled(this.#waiting.map(({ settled }) => settled.promise));
  }

  /** Another process has written: the file is likely free, and it was somebody else's turn. */
  noteForeign(): void {
    this.#foreignAtMs = performance.now();
    if (this.#cancel === null || !(this.#yields || this.#lockedSinceMs !== null)) return;
    this.#cancel();
    this.#turn();
  }

  #schedule(): void {
    if (this.#cancel !== null) return;
    const nowMs = performance.now();
    const contended = nowMs - this.#foreignAtMs < CONTENDED_MS;
    this.#yields = contended && this.#ownAtMs > this.#foreignAtMs && nowMs - this.#ownAtMs < YIELD_MS;
    if (this.#lockedSinceMs !== null) {
      const heldMs = nowMs - this.#lockedSinceMs;
      this.#turnAfter(RETRY_MS + Math.random() * RETRY_SPAN_MS + Math.min(RETRY_MS_MAX, heldMs * RETRY_SHARE));
    } else if (this.#yields) this.#turnAfter(YIELD_MS);
    else this.#turnSoon();
  }

  #turnSoon(): void {
    const immediate = setImmediate(() => this.#turn());
    this.#cancel = () => clearImmediate(immediate);
  }

  #turnAfter(delayMs: number): void {
    const timer = setTimeout(() => this.#turn(), delayMs);
    this.#cancel = () => clearTimeout(timer);
  }

  #turn(): void {
    this.#cancel = null;
    this.#yields = false;
    const group = this.#nextGroup();
    try {
      this.#options.write(group);
      this.#ownAtMs = performance.now();
    } catch (error) {
      if (this.#mayRetry(error)) this.#schedule();
      else this.#finish(group, ({ settled }) => settled.reject(error));
      return;
    }
    this.#finish(group, ({ settled }) => settled.resolve());
  }

  #nextGroup(): readonly Pending[] {
    let [count, bytes] = [0, 0];
    const end = this.#waiting.findIndex(({ entries }) => {
      const isFull = count >= GROUP_MAX || bytes >= GROUP_BYTES_MAX;
      count += entries.length;
      for (const entry of entries) bytes += entry.length;
      return isFull;
    });
    return this.#waiting.slice(0, end < 0 ? undefined : end);
  }

  /** Another process's turn at the file is waited for here, not inside SQLite, so the event loop stays free. */
  #mayRetry(error: unknown): boolean {
    if (!(error instanceof StorageError) || error.code !== 'locked') return false;
    const nowMs = performance.now();
    this.#foreignAtMs = nowMs;
    this.#lockedSinceMs ??= nowMs;
    return nowMs - this.#lockedSinceMs < this.#options.lockedMs;
  }

  #finish(group: readonly Pending[], settle: (pending: Pending) => void): void {
    this.#lockedSinceMs = null;
    this.#waiting = this.#waiting.slice(group.length);
    group.forEach(settle);
    if (this.#waiting.length > 0) this.#schedule();
  }
}
