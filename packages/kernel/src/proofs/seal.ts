import {
  type ChallengeBody,
  type Cid,
  concat,
  type Did,
  encodeCbor,
  linkOf,
  type Sha256,
  toHex,
  utf8,
  type VerifiedEnvelope,
} from '@canswarm/protocol';
import type { ProofClass } from '../state.ts';

type Opening = NonNullable<ChallengeBody['opening']>;

/** What a challenge seals. `evidence` is the hash of the evidence bytes of the opening, or null. */
export interface Sealed {
  readonly challenger: Did;
  readonly subject: Cid;
  readonly class: ProofClass;
  readonly opening: Opening;
  readonly evidence: Uint8Array | null;
}

/** The seal (32 bytes) laid before a challenge is opened, so that nobody can take over its proof. */
export function challengeSeal(sealed: Sealed, sha256: Sha256): Uint8Array {
  const { challenger, subject, opening, evidence } = sealed;
  const claim = { output: opening.claim.output, key: opening.claim.key, step: opening.claim.step };
  return sha256(
    concat([utf8('can/1/seal'), encodeCbor([challenger, linkOf(subject), sealed.class, opening.salt, claim, evidence])]),
  );
}

/** The seal, hex, that an opened CHALLENGE must have laid before; null if it opens nothing. */
export function sealOf(envelope: VerifiedEnvelope, sha256: Sha256): string | null {
  const { payload } = envelope;
  if (payload.verb !== 'CHALLENGE' || payload.body.opening === null) return null;
  const { subject, class: kind, opening } = payload.body;
  return toHex(challengeSeal({ challenger: payload.from, subject, class: kind, opening, evidence: payload.evidence }, sha256));
}
