import type { Did } from '@canswarm/protocol';

/** Holds one Ed25519 key and signs with it. The key itself never leaves the signer. */
export interface Signer {
  /** The `did:key` of the public key. */
  readonly did: Did;

  /** The 64-byte Ed25519 signature of `message` (RFC 8032, so the same message always gives the same signature). */
  sign(message: Uint8Array): Uint8Array;
}
