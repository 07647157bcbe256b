import { openAlarm } from '../alarms.ts';
import type { Part } from '../part.ts';
import { heldLease, leaseFaults, leaseOf } from './lease.ts';

export const renew: Part<'RENEW'> = {
  verb: 'RENEW',
  *faults(model, { from, body }) {
    yield* leaseFaults(model, body, from);
    const lease = heldLease(model, body)?.lease;
    if (lease === undefined || (body.progress !== null && body.progress !== lease.progress)) return;
    if (lease.renewals >= model.params.maxRenewals) yield 'renewals_spent';
  },
  follow(model, { body }) {
    const { need, lease } = leaseOf(model, body);
    const moved = body.progress !== null && body.progress !== lease.progress;
    lease.renewals = moved ? 0 : lease.renewals + 1;
    if (moved) lease.progress = body.progress;
    lease.touched = model.position;
    lease.expiresAt = null;
    openAlarm(model, `lease:${need.id}`, lease.length);
  },
};
