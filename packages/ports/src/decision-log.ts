/** Largest entry a log takes, in bytes: an envelope (64 KiB) and its evidence (512 KiB) fit. */
export const LOG_ENTRY_BYTES_MAX = 655_360;

/** Most entries one `append` takes. */
export const LOG_APPEND_MAX = 1024;

/** Most records one call of a follower's handler gets. */
export const LOG_FOLLOW_MAX = 256;

/** Longest shard name, in characters of `[a-z0-9._-]`. */
export const LOG_SHARD_LENGTH_MAX = 64;

/** One entry as the engine ordered it. */
export interface LogRecord {
  /**
   * The engine's order: an integer >= 1, strictly ascending within a shard, perhaps with gaps. Other replicas may number the
   * same entries otherwise, so cursors never enter kernel state.
   */
  readonly cursor: number;
  /** The entry's exact bytes as appended, the reader's own copy. */
  readonly bytes: Uint8Array;
}

/** A running `follow`. */
export interface Subscription {
  /**
   * Resolves once the subscription is over because it or its log was closed. Rejects with a StorageError when the engine
   * fails, or with the handler's own error when that throws. Left unhandled, a rejection stops the process: a node that can
   * no longer read its log must not go on.
   */
  readonly ended: Promise<void>;

  /**
   * Ends the subscription. From the call on no further batch begins; resolves when the running one has settled, so a handler
   * must not await the close of its own subscription. Idempotent; never rejects.
   */
  close(): Promise<void>;
}

/** Receives the next records, 1..`LOG_FOLLOW_MAX` of them, in order. The next batch comes only after the returned promise settled. */
export type RecordsHandler = (records: readonly LogRecord[]) => void | Promise<void>;

/** The decision plane: per shard one total order of entries, durable, the same for every reader. It judges no content. */
export interface DecisionLog {
  /**
   * Adds `entries` (at most `LOG_APPEND_MAX`, each 1..`LOG_ENTRY_BYTES_MAX` bytes) to the shard's order and resolves once
   * they are durable.
   *
   * Guarantees: idempotent by the hash of an entry's full bytes, so an entry already in the shard keeps its first place and
   * is not an error; all or nothing: either every entry is in the log or none of this call is; entries new to the shard
   * stand in the order given, though others may come in between. The bytes are taken at the call. When it rejects with
   * `full` or `locked` nothing was added; after any other failure the caller may append again, which idempotence makes safe.
   *
   * Rejects with a StorageError.
   */
  append(shard: string, entries: readonly Uint8Array[]): Promise<void>;

  /**
   * Of a log whose parts may be away by themselves: which of them takes an entry, as follows from its bytes. An append of entries of several parts
   * waits for all of them; where one of them is away it rejects with a StorageError that `isPart`. Left out: the log is there whole, or not at all.
   */
  partOf?(entry: Uint8Array): number;

  /**
   * Hands over every record of the shard with a cursor greater than `after` (0 for all), then each new one as it comes,
   * until closed.
   *
   * Guarantees: ascending cursors, no omission, no record twice in one subscription; batches bounded; never inside the call;
   * only durable records.
   */
  follow(shard: string, after: number, onRecords: RecordsHandler): Subscription;

  /** The cursor of the shard's last record, 0 when it has none. Rejects with a StorageError. */
  head(shard: string): Promise<number>;

  /** Waits for appends under way, ends all subscriptions and releases the engine. Idempotent. */
  close(): Promise<void>;
}

/** Whether a log is kept where it is. */
export interface LogMark {
  /** Where it was moved to; null where it is kept here. */
  readonly place: string | null;
  /** Grows with each move that this mark was set in: of two logs that name each other, the one with the greater turn was left later. 0 at first. */
  readonly turn: number;
}

export const isSameMark = (one: LogMark, other: LogMark): boolean =>
  one.place === other.place && one.turn === other.turn;

/** A decision log that can be left for another place, so that nobody goes on with what was left. */
export interface MovableLog extends DecisionLog {
  /** What the log is marked as. Rejects with a StorageError. */
  mark(): Promise<LogMark>;

  /**
   * Replaces the mark `was` by another, durably and as one step; gives false, and changes nothing, where the log is marked otherwise by now.
   * Guarantees: once a mark with a place is there every append is refused with `moved`, in the transaction that would write it, and every
   * follower ends with that soon; but for who opened the log to move it. May be repeated. Rejects with a StorageError.
   */
  setMark(mark: LogMark, was: LogMark): Promise<boolean>;
}
