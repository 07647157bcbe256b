import { concat, utf8 } from './bytes.ts';

/** What this package signs or hashes begins with the name of what it is for, so that none can be taken for another. */
const PREFIXES = {
  /** single proof: prefix + digest */
  envelope: utf8('can/1/env'),
  /** batch proof: prefix + count (u32 big endian) + root */
  batch: utf8('can/1/batch'),
  /** seal of a challenge: prefix + DAG-CBOR of what is sealed */
  seal: utf8('can/1/seal'),
  /** seal of a vote: prefix + DAG-CBOR of who votes what */
  voteSeal: utf8('can/1/vote-seal'),
  /** seal of a bid: prefix + DAG-CBOR of who bids what */
  bidSeal: utf8('can/1/bid-seal'),
  /** seal of a price cap: prefix + DAG-CBOR of who pays how much at most */
  capSeal: utf8('can/1/cap-seal'),
  /** mark of a need: prefix + DAG-CBOR of who posts it, who is to work on it, and a salt */
  plant: utf8('can/1/plant'),
  /** entity credential: prefix + DAG-CBOR of its subject and claims */
  credential: utf8('can/1/credential'),
  /** digest of a policy's evaluation: prefix + DAG-CBOR of capsule, input, decision and gas */
  policy: utf8('can/1/policy'),
  /** what a member decided of a conformance vector: prefix + DAG-CBOR of who, capsule and digests */
  conform: utf8('can/1/conform'),
  /** a capsule's signature: prefix + DAG-CBOR of what is signed */
  capsule: utf8('can/1/capsule'),
} as const;

export type Domain = keyof typeof PREFIXES;

/** The domain's prefix followed by the parts: what is signed or hashed. */
export function inDomain(domain: Domain, ...parts: readonly Uint8Array[]): Uint8Array {
  return concat([PREFIXES[domain], ...parts]);
}
