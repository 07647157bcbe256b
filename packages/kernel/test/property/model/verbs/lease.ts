import type { Fence } from '@canswarm/protocol';
import type { RejectionCode } from '../../../../src/context.ts';
import { needRow } from '../committees.ts';
import { openNeed } from '../needs.ts';
import type { LeaseRow, Model, NeedRow } from '../tables.ts';

/** What an entry about a lease names. */
export interface Named {
  readonly need: string;
  readonly task: string;
  readonly attempt: number;
  readonly fence: Fence;
}

/** The lease that is named, if it lives. */
export function heldLease(model: Model, body: { readonly need: string }): { need: NeedRow; lease: LeaseRow } | null {
  const need = openNeed(model, body.need);
  return need?.lease == null ? null : { need, lease: need.lease };
}

/** As `heldLease`, of an entry that was accepted. */
export function leaseOf(model: Model, body: { readonly need: string }): { need: NeedRow; lease: LeaseRow } {
  const { lease } = needRow(model, body.need);
  if (lease === null) throw new Error(`nobody holds ${body.need}`);
  return { need: needRow(model, body.need), lease };
}

/** What is wrong with naming a lease so; `holder` is null where anybody may. */
export function* leaseFaults(model: Model, body: Named, holder: string | null): Iterable<RejectionCode> {
  if (openNeed(model, body.need) === undefined) return yield 'need_unknown';
  const held = heldLease(model, body);
  if (held === null) return yield 'lease_none';
  const { need, lease } = held;
  if (body.task !== (need.parent?.task ?? 'main')) yield 'task_other';
  if (body.attempt !== lease.attempt) yield 'attempt_other';
  if (body.fence.position !== lease.fence || body.fence.incarnation !== model.incarnation) yield 'fence_other';
  if (holder !== null && holder !== lease.bid.worker) yield 'holder_only';
}
