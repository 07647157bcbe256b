import { type Clock, type DecisionLog, StorageError, type StorageErrorCode } from '@canswarm/ports';

/** Times that what failed is tried again before it is left, or waits for the log. */
const RETRIES = 6;
const RETRY_MS = 50;
/** Between tries of what is owed and waits for a part of the log that is away, ms. */
const PART_MS = RETRY_MS * 2 ** RETRIES;
/** Entries that wait for a log that is lost, and their bytes. */
const HELD_MAX = 1_024;
const HELD_BYTES_MAX = 16 * 1024 * 1024;

/** Failures of a log that pass; what is owed waits for them. */
const PASSING: ReadonlySet<StorageErrorCode> = new Set(['full', 'locked', 'io']);

/** Entries that go to the log together. */
interface Batch {
  readonly entries: readonly Uint8Array[];
  /** Whether somebody was told that they are on their way; others are left when it takes too long: what is still due is said anew. */
  readonly isOwed: boolean;
}

/** A batch that waits; for a part of the log alone, or for all of it. */
interface Held extends Batch {
  readonly isPart: boolean;
}

export interface AppenderOptions {
  readonly shard: string;
  readonly clock: Clock;
  readonly log: Pick<DecisionLog, 'append' | 'partOf'>;
  /** Told how an append ended: null, or why it failed; it is tried again a few times. */
  readonly onAppend: (error: unknown) => void;
}

/**
 * Brings entries into the log. A failed append is tried again, since it is idempotent; what is owed waits until the log works again,
 * within bounds. A part of the log that is away by itself holds up what is to go there, and nothing else.
 */
export class Appender {
  readonly #options: AppenderOptions;
  readonly #running = new Map<Promise<void>, number>();
  #held: Held[] = [];
  #heldBytes = 0;
  /** Why the log failed to take the last append, while none came through since. */
  #failure: string | null = null;
  /** Batches that the log failed to take, and that are to be tried again. */
  #retrying = 0;
  #waitsForPart = false;
  #closed = false;

  constructor(options: AppenderOptions) {
    this.#options = options;
  }

  /** Entries that wait for the log. */
  get waiting(): number {
    return this.#held.reduce((sum, { entries }) => sum + entries.length, 0);
  }

  append(entries: readonly Uint8Array[], isOwed: boolean): void {
    if (this.#closed) return;
    for (const own of this.#byPart(entries)) this.#try({ entries: own, isOwed }, 0);
  }

  /** Tries again what waits for the log. */
  resume(): void {
    const held = this.#held.splice(0);
    this.#heldBytes = 0;
    for (const batch of held) this.#try(batch, RETRIES);
  }

  /**
   * Why something that was appended is not in the log for so long, or failed and is to be tried again; null: nothing is, or what waits waits for a
   * part of the log. Of a log in parts nobody knows what an append waits for until it fails.
   */
  trouble(deadlineMs: number): string | null {
    const { clock, log } = this.#options;
    const now = clock.now();
    for (const begun of log.partOf === undefined ? this.#running.values() : [])
      if (now - begun > deadlineMs) return `it has not taken in ${now - begun} ms what this node appends`;
    return this.#retrying > 0 || this.#held.some(({ isPart }) => !isPart) ? this.#failure : null;
  }

  /** Waits for appends under way; nothing is sent afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#held = [];
    await Promise.allSettled(this.#running.keys());
  }

  #try(batch: Batch, attempt: number): void {
    const { log, shard, clock, onAppend } = this.#options;
    const append: Promise<void> = log.append(shard, batch.entries).then(
      () => {
        this.#failure = null;
        onAppend(null);
      },
      (error: unknown) => {
        if (!isOfPart(error)) this.#failure = error instanceof Error ? error.message : String(error);
        onAppend(error ?? new Error('the log gives no reason'));
        if (!this.#closed) this.#again(batch, attempt, error);
      },
    );
    this.#running.set(append, clock.now());
    void append.then(() => this.#running.delete(append));
  }

  #again(batch: Batch, attempt: number, error: unknown): void {
    if (attempt >= RETRIES) {
      if (batch.isOwed && error instanceof StorageError && PASSING.has(error.code)) this.#hold(batch, error.isPart);
      return;
    }
    const counted = isOfPart(error) ? 0 : 1;
    this.#retrying += counted;
    this.#options.clock.schedule(RETRY_MS * 2 ** attempt, () => {
      this.#retrying -= counted;
      if (!this.#closed) this.#try(batch, attempt + 1);
    });
  }

  #hold(batch: Batch, isPart: boolean): void {
    const bytes = batch.entries.reduce((sum, entry) => sum + entry.length, 0);
    if (this.waiting + batch.entries.length > HELD_MAX || this.#heldBytes + bytes > HELD_BYTES_MAX) return;
    this.#held.push({ ...batch, isPart });
    this.#heldBytes += bytes;
    if (isPart) this.#resumeLater();
  }

  /** The log counts as there while only a part of it is away, so that nobody else says when to try again. */
  #resumeLater(): void {
    if (this.#waitsForPart) return;
    this.#waitsForPart = true;
    this.#options.clock.schedule(PART_MS, () => {
      this.#waitsForPart = false;
      this.resume();
    });
  }

  /** What may go to the log together without waiting for a part that it does not need. */
  #byPart(entries: readonly Uint8Array[]): Iterable<readonly Uint8Array[]> {
    const { log } = this.#options;
    const parts = new Map<number, Uint8Array[]>();
    for (const entry of entries) {
      const part = log.partOf?.(entry) ?? 0;
      const own = parts.get(part);
      if (own === undefined) parts.set(part, [entry]);
      else own.push(entry);
    }
    return parts.values();
  }
}

const isOfPart = (error: unknown): boolean => error instanceof StorageError && error.isPart;
