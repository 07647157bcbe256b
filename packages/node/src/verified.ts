import { BoundedCache, createMemo, type Memo, type VerifiedEntry } from '@canswarm/protocol';
import type { Piece } from './message.ts';

/**
 * What several nodes of one process have verified, so that none of them verifies again what another did. Holds only successes, by the hash of
 * all bytes. Nodes of different owners share none: each believes only what it checked.
 */
export interface Verified {
  /** What a message holds, null for one that is none: for transports that give several nodes the same bytes. */
  readonly messages: WeakMap<Uint8Array, readonly Piece[] | null>;
  readonly memo: Memo;
  /** key: `key32` of the sha256 of the bytes of a log entry */
  readonly entries: BoundedCache<string, VerifiedEntry>;
  /** These keys, by the very bytes of a record: for logs and stores that give several nodes the same bytes. */
  readonly keys: WeakMap<Uint8Array, string>;
}

/** One that keeps at most twice `bytes` of envelopes and of entries each. */
export const createVerified = (bytes: number): Verified => ({
  messages: new WeakMap(),
  memo: createMemo({ envelopeBytes: bytes }),
  entries: new BoundedCache(bytes),
  keys: new WeakMap(),
});
