import { challengeSeal, type Sha256, toHex, type VerifiedEnvelope } from '@canswarm/protocol';

/** The seal, hex, that an opened CHALLENGE must have laid before; null if it opens nothing. */
export function sealOf({ payload }: VerifiedEnvelope, sha256: Sha256): string | null {
  if (payload.verb !== 'CHALLENGE' || payload.body.opening === null) return null;
  const { subject, class: kind, opening } = payload.body;
  return toHex(
    challengeSeal({ challenger: payload.from, subject, class: kind, ...opening, evidence: payload.evidence }, sha256),
  );
}
