import type { Did, Fence, NeedId } from '@canswarm/protocol';
import { type Context, type Rejection, reject } from '../context.ts';
import { taskName } from '../plan/tasks.ts';
import type { Lease, Need } from '../state.ts';

/** A live lease, as an entry of its holder names it. */
export interface Held {
  readonly need: Need;
  readonly lease: Lease;
}

/** Preconditions 1 to 5 of every entry about a lease: RENEW, YIELD, RELEASE and COMMIT. */
export function findLease(
  context: Context,
  body: { need: NeedId; task: string; attempt: number; fence: Fence },
  holder: Did | null,
): Rejection | Held {
  const need = context.state.needs.get(body.need);
  // 1 need_unknown
  if (need === undefined) return reject('need_unknown', { need: body.need });
  const { lease } = need;
  // 2 lease_none
  if (lease === null) return reject('lease_none', { phase: need.phase });
  // 3 task_other
  if (body.task !== taskName(need)) return reject('task_other', { task: taskName(need) });
  // 4 attempt_other, fence_other: nothing of an old lease is accepted (P4)
  if (lease.attempt !== body.attempt) return reject('attempt_other', { attempt: lease.attempt });
  const { incarnation, position } = body.fence;
  if (lease.fence.incarnation !== incarnation || lease.fence.position !== position) {
    return reject('fence_other', { incarnation: lease.fence.incarnation, position: lease.fence.position });
  }
  // 5 holder_only
  if (holder !== null && lease.bid.worker !== holder) return reject('holder_only', { holder: lease.bid.worker });
  return { need, lease };
}
