import { encodeCbor } from './cbor/encode.ts';
import { Link } from './cbor/value.ts';
import type { Sha256 } from './crypto.ts';
import { inDomain } from './domains.ts';
import type { Cid, Did } from './ids.ts';
import { type ChallengeClaim, claim as claimCodec, type ProofClass } from './verbs/result.ts';

/** What a challenger seals before it opens. */
export interface Sealed {
  readonly challenger: Did;
  readonly subject: Cid;
  readonly class: ProofClass;
  /** 32 random bytes */
  readonly salt: Uint8Array;
  readonly claim: ChallengeClaim;
  /** sha256 of the evidence bytes that the opening will carry */
  readonly evidence: Uint8Array | null;
}

/** The seal (32 bytes) of a challenge: binds challenger, subject, claim and evidence, and shows none of the last three. */
export function challengeSeal(sealed: Sealed, sha256: Sha256): Uint8Array {
  const { challenger, subject, salt, claim, evidence } = sealed;
  return sha256(
    inDomain(
      'seal',
      encodeCbor([challenger, new Link(subject), sealed.class, salt, claimCodec.encode(claim), evidence]),
    ),
  );
}
