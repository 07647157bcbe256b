import { conformDigest, type Did, toHex } from '@canswarm/protocol';
import { sha256 } from '../hash.ts';
import type { Part } from '../part.ts';
import { isSuspended } from '../suspended.ts';

/** Without a policy there is nothing to decide. */
export const conform: Part<'CONFORM'> = {
  verb: 'CONFORM',
  *faults(model, { from, body }) {
    if (!isSuspended(model, from)) yield 'not_suspended';
    if (body.capsule !== null) return yield 'conformance_unfit';
    const due = conformDigest({ did: from as Did, capsule: null, decisions: [] }, sha256);
    if (toHex(body.digest) !== toHex(due)) yield 'conformance_other';
  },
  follow(model, { from }) {
    for (const row of model.suspensions)
      if (row.did === from && row.conformedAt === null) row.conformedAt = model.position;
  },
};
