import { type Clock, type DecisionLog, StorageError, type StorageErrorCode } from '@canswarm/ports';

/** Times that what failed is tried again before it is left, or waits for the log. */
const RETRIES = 6;
const RETRY_MS = 50;
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

export interface AppenderOptions {
  readonly shard: string;
  readonly clock: Clock;
  readonly log: Pick<DecisionLog, 'append'>;
  /** Told how an append ended: null, or why it failed; it is tried again a few times. */
  readonly onAppend: (error: unknown) => void;
}

/**
 * Brings entries into the log. A failed append is tried again, since it is idempotent; what is owed waits until the log works again,
 * within bounds.
 */
export class Appender {
  readonly #options: AppenderOptions;
  readonly #running = new Map<Promise<void>, number>();
  #held: Batch[] = [];
  #heldBytes = 0;
  /** Why the last append failed, while none came through since. */
  #failure: string | null = null;
  #retrying = 0;
  #closed = false;

  constructor(options: AppenderOptions) {
    this.#options = options;
  }

  /** Entries that wait for the log. */
  get waiting(): number {
    return this.#held.reduce((sum, { entries }) => sum + entries.length, 0);
  }

  append(entries: readonly Uint8Array[], isOwed: boolean): void {
    if (entries.length > 0 && !this.#closed) this.#try({ entries, isOwed }, 0);
  }

  /** Tries again what waits for the log. */
  resume(): void {
    const held = this.#held.splice(0);
    this.#heldBytes = 0;
    for (const batch of held) this.#try(batch, RETRIES);
  }

  /** Why something that was appended is not in the log for so long, or failed and is to be tried again; null: nothing is. */
  trouble(deadlineMs: number): string | null {
    const now = this.#options.clock.now();
    for (const begun of this.#running.values())
      if (now - begun > deadlineMs) return `it has not taken in ${now - begun} ms what this node appends`;
    return this.#retrying + this.#held.length > 0 ? this.#failure : null;
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
        this.#failure = error instanceof Error ? error.message : String(error);
        onAppend(error ?? new Error('the log gives no reason'));
        if (!this.#closed) this.#again(batch, attempt, error);
      },
    );
    this.#running.set(append, clock.now());
    void append.then(() => this.#running.delete(append));
  }

  #again(batch: Batch, attempt: number, error: unknown): void {
    if (attempt >= RETRIES) {
      if (batch.isOwed && error instanceof StorageError && PASSING.has(error.code)) this.#hold(batch);
      return;
    }
    this.#retrying += 1;
    this.#options.clock.schedule(RETRY_MS * 2 ** attempt, () => {
      this.#retrying -= 1;
      if (!this.#closed) this.#try(batch, attempt + 1);
    });
  }

  #hold(batch: Batch): void {
    const bytes = batch.entries.reduce((sum, entry) => sum + entry.length, 0);
    if (this.waiting + batch.entries.length > HELD_MAX || this.#heldBytes + bytes > HELD_BYTES_MAX) return;
    this.#held.push(batch);
    this.#heldBytes += bytes;
  }
}
