import { type Cid, conformDigest, type Did, toHex } from '@canswarm/protocol';
import { EMPTY_VECTOR } from '../../../support/policies.ts';
import { sha256 } from '../hash.ts';
import type { Part, Said } from '../part.ts';
import { presentPolicy } from '../policies.ts';
import { isSuspended } from '../suspended.ts';

/** Whether the evidence is the vector that all policies of histories name, which asks nothing. */
function showsVector({ body, entry }: Said<'CONFORM'>): boolean {
  const shown = body.pieces.map((piece) => entry.evidence.blocks.get(piece) ?? new Uint8Array());
  return toHex(Buffer.concat(shown)) === toHex(EMPTY_VECTOR);
}

export const conform: Part<'CONFORM'> = {
  verb: 'CONFORM',
  *faults(model, said) {
    const { from, body } = said;
    if (!isSuspended(model, from)) yield 'not_suspended';
    const capsule = (presentPolicy(model)?.capsule ?? null) as Cid | null;
    if (body.capsule !== capsule || (capsule !== null && !showsVector(said))) return yield 'conformance_unfit';
    const due = conformDigest({ did: from as Did, capsule, decisions: [] }, sha256);
    if (toHex(body.digest) !== toHex(due)) yield 'conformance_other';
  },
  follow(model, { from }) {
    for (const row of model.suspensions)
      if (row.did === from && row.conformedAt === null) row.conformedAt = model.position;
  },
};
