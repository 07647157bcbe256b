import { BoundedCache } from './bounded-cache.ts';
import type { VerifiedEnvelope } from './verified-envelope.ts';

/**
 * What one node has verified already, so that it never verifies the same bytes twice. Holds only successes, by the hash of
 * *all* bytes: a forged or stripped copy has another key, so it neither profits nor stands in the way.
 */
export interface Memo {
  /** key: `key32` of the sha256 of the full wire bytes */
  readonly envelopes: BoundedCache<string, VerifiedEnvelope>;
  /** key: signer, count, root and signature of a batch */
  readonly roots: BoundedCache<string, true>;
}

const ENVELOPE_BYTES = 4 * 1024 * 1024;
const ROOTS = 4096;

/** A memo that keeps at most twice `envelopeBytes` of envelopes and twice `roots` batch roots. */
export function createMemo(options: { readonly envelopeBytes?: number; readonly roots?: number } = {}): Memo {
  return {
    envelopes: new BoundedCache(options.envelopeBytes ?? ENVELOPE_BYTES),
    roots: new BoundedCache(options.roots ?? ROOTS),
  };
}
