import { openCommittee } from '../committees.ts';
import { dropLease } from '../needs.ts';
import type { Part } from '../part.ts';
import { heldLease, leaseFaults, leaseOf } from './lease.ts';

export const commit: Part<'COMMIT'> = {
  verb: 'COMMIT',
  *faults(model, { from, body }) {
    yield* leaseFaults(model, body, from);
    if (heldLease(model, body)?.need.deadlinePassed === true) yield 'deadline_passed';
  },
  follow(model, { id, from, body }) {
    const { need, lease } = leaseOf(model, body);
    const { bid, attempt } = lease;
    dropLease(model, need);
    need.phase = 'committed';
    model.commits.push({
      id,
      need: need.id,
      bid,
      attempt,
      level: need.level,
      outputs: body.outputs,
      verdict: null,
      overturned: false,
      windowClosed: false,
      holdPassed: false,
      final: false,
      settled: false,
    });
    const parties = [need.requester, from, ...(bid.planner === null ? [] : [bid.planner])];
    openCommittee(model, { need: need.id, commit: id, round: 0, level: need.level }, parties);
  },
};
