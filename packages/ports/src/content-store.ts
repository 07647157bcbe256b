import type { Block, Cid } from '@canswarm/protocol';

/** Largest block a content store takes, in bytes. Artifacts use blocks of at most 16 KiB (`spec/08-artifacts.md`). */
export const CONTENT_BLOCK_BYTES_MAX = 1_048_576;

/** Most blocks one `putBlocks` takes. */
export const CONTENT_PUT_BLOCKS_MAX = 65_536;

/** The codecs of blocks a store takes. */
export type ContentCodec = 'raw' | 'dag-cbor' | 'dag-pb';

/**
 * Why content cannot be given or taken.
 * - `not_found`: the store does not have the block and cannot obtain it.
 * - `too_large`: the block is larger than the caller's `maxBytes`, or than `CONTENT_BLOCK_BYTES_MAX`.
 * - `corrupt`: the bytes do not hash to the CID.
 * - `deadline`: not obtained in time.
 */
export type ContentErrorCode = 'not_found' | 'too_large' | 'corrupt' | 'deadline';

/** Thrown by `ContentStore`. Names the CID concerned; CIDs are public. */
export class ContentError extends Error {
  override readonly name = 'ContentError';
  readonly code: ContentErrorCode;
  readonly cid: Cid | null;

  constructor(code: ContentErrorCode, cid: Cid | null, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.cid = cid;
  }
}

export interface ContentGetOptions {
  /** Milliseconds from the call until it fails with `deadline`, an integer >= 1. */
  readonly deadlineMs: number;
  /** Largest block wanted, in bytes, an integer >= 0. */
  readonly maxBytes: number;
}

/**
 * Blocks by CID. What comes out always hashes to the CID it was asked by, whatever lies on disk or comes from peers.
 * Besides ContentError, every method may reject with a StorageError when the machine fails (`full`, `io`, `closed`).
 */
export interface ContentStore {
  /** Stores `bytes` (at most `CONTENT_BLOCK_BYTES_MAX`) and gives their CIDv1 (sha2-256, base32). Idempotent. */
  put(bytes: Uint8Array, codec: ContentCodec): Promise<Cid>;

  /**
   * Stores blocks whose CIDs are already known. Each is re-hashed first: when one does not match its CID it rejects with
   * `corrupt` and stores none. Once it resolves all are readable.
   */
  putBlocks(blocks: readonly Block[]): Promise<void>;

  /**
   * The block's bytes, re-hashed on every read, the caller's own copy.
   * Rejects with ContentError `not_found`, `too_large`, `corrupt` or `deadline`; never resolves with anything else's bytes.
   */
  get(cid: Cid, options: ContentGetOptions): Promise<Uint8Array>;

  /** Whether the block is here now, without asking peers. Says nothing about its bytes. */
  has(cid: Cid): Promise<boolean>;

  /** Keeps `root` and everything reachable from it through links across `gc`. The blocks may come later. Idempotent, not counted. */
  pin(root: Cid): Promise<void>;

  /** Takes the pin back. Without a pin it does nothing. */
  unpin(root: Cid): Promise<void>;

  /**
   * Removes blocks that no pinned root reaches. A store shared by several writers keeps blocks younger than a grace period
   * of its own, so that what is being written is not swept away.
   */
  gc(): Promise<{ readonly removed: number }>;

  /** Waits for writes under way and releases what it holds. Idempotent. */
  close(): Promise<void>;
}
