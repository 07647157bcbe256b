import { frameFaults } from '../evidence.ts';
import { loseLease } from '../needs.ts';
import type { Part } from '../part.ts';
import { heldLease, leaseFaults, leaseOf } from './lease.ts';

export const release: Part<'RELEASE'> = {
  verb: 'RELEASE',
  *faults(model, { body, entry }) {
    yield* leaseFaults(model, body, null);
    const held = heldLease(model, body);
    if (held === null) return;
    const { need, lease } = held;
    const { envelopes } = entry.evidence;
    for (const envelope of envelopes) {
      const { from, verb, body: said } = envelope.payload;
      const named = verb === 'MISS' ? said : null;
      const same =
        named?.need === need.id &&
        named.attempt === lease.attempt &&
        named.fence.position === lease.fence &&
        named.fence.incarnation === model.incarnation;
      if (!same || !need.planSeats.includes(from)) yield 'miss_unfit';
      yield* frameFaults(model, envelope, lease.touched);
      if (envelopes.filter(({ payload }) => payload.from === from).length > 1) yield 'vote_twice';
    }
    if (new Set(envelopes.map(({ payload }) => payload.from)).size < need.planK) yield 'votes_too_few';
  },
  follow: (model, { body }) => loseLease(model, leaseOf(model, body).need, 0),
};
