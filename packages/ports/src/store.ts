/** Longest key, in bytes of UTF-8. */
export const STORE_KEY_BYTES_MAX = 512;

/** Largest value, in bytes. */
export const STORE_VALUE_BYTES_MAX = 67_108_864;

/** Most operations of one batch. */
export const STORE_BATCH_MAX = 65_536;

/** One write: a value to keep under the key, or null to remove the key (which need not exist). */
export interface StoreOperation {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/**
 * A node's private memory: keys are well-formed text of 1..`STORE_KEY_BYTES_MAX` bytes, values bytes. Synchronous, so that
 * the driver's order (persist, apply, persist) needs no waiting. Every method throws StorageError when storage fails, with
 * `invalid` or `too_large` for arguments outside the limits.
 */
export interface Store {
  /** The value under `key`, the caller's own copy, or undefined. */
  get(key: string): Uint8Array | undefined;

  /**
   * Performs the operations in order (the last one on a key wins), all or none, even across a crash.
   * With `sync: true` they survive a power failure once the call returns, together with every earlier batch; with
   * `sync: false` they survive a crash of the process, and a power failure may lose the latest batches but never part of one.
   */
  batch(operations: readonly StoreOperation[], options: { readonly sync: boolean }): void;

  /**
   * The pairs whose key begins with `prefix` ('' for all), ascending by the UTF-8 bytes of the key. Each key comes at most
   * once; one that exists unchanged for the whole iteration comes exactly once; those written meanwhile may or may not come.
   */
  scan(prefix: string): Iterable<readonly [key: string, value: Uint8Array]>;

  /** Releases the storage. Idempotent. */
  close(): void;
}
