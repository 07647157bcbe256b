import { isRejection, reject } from '../context.ts';
import { findLease } from './lease-entry.ts';
import type { Rule } from './rule.ts';

/** RENEW: a new lease period within the deadline. Spec: `spec/04-verbs.md`, RENEW. */
export const judgeRenew: Rule<'RENEW'> = (context, { payload }) => {
  const { state } = context;
  const { body, from } = payload;
  // 1 to 5
  const held = findLease(context, body, from);
  if (isRejection(held)) return held;
  const { need, lease } = held;
  // 6 renewals_spent: at most `maxRenewals` without new progress
  const moved = body.progress !== null && body.progress !== lease.progress;
  if (!moved && lease.renewals >= state.params.maxRenewals)
    return reject('renewals_spent', { renewals: lease.renewals });
  return () => {
    lease.renewals = moved ? 0 : lease.renewals + 1;
    if (moved) lease.progress = body.progress;
    lease.touched = context.position;
    state.timers.open(`lease:${need.id}`, lease.durationMs);
    lease.expiresAt = null;
    context.emit({ type: 'lease_renewed', need: need.id, attempt: lease.attempt, renewals: lease.renewals });
  };
};
