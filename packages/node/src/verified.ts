import { BoundedCache, createMemo, type Memo, type VerifiedEntry } from '@canswarm/protocol';

/**
 * What several nodes of one process have verified, so that none of them verifies again what another did. Holds only successes, by the hash of
 * all bytes. Nodes of different owners share none: each believes only what it checked.
 */
export interface Verified {
  readonly memo: Memo;
  /** key: `key32` of the sha256 of the bytes of a log entry */
  readonly entries: BoundedCache<string, VerifiedEntry>;
}

/** One that keeps at most twice `bytes` of envelopes and of entries each. */
export const createVerified = (bytes: number): Verified => ({
  memo: createMemo({ envelopeBytes: bytes }),
  entries: new BoundedCache(bytes),
});
