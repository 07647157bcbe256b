import type { CommitId } from '@canswarm/protocol';
import { openCommittee } from '../committee.ts';
import { isRejection, reject } from '../context.ts';
import { dropLease, resultSubject } from '../need-life.ts';
import { askedInEffect } from '../policy/divergence.ts';
import { needPolicyInput } from '../policy/policy-input.ts';
import { sealsVotes } from '../seals.ts';
import type { Commit } from '../state.ts';
import { findLease } from './lease-entry.ts';
import type { Rule } from './rule.ts';

/** COMMIT: the result by content id; it is judged to the end. Spec: `spec/04-verbs.md`, COMMIT. */
export const judgeCommit: Rule<'COMMIT'> = (context, { entry, payload }) => {
  const { state } = context;
  const { body, from } = payload;
  // 1 to 5
  const held = findLease(context, body, from);
  if (isRejection(held)) return held;
  const { need, lease } = held;
  // 6 deadline_passed: the deadline bounds COMMIT
  if (need.deadlinePassed) return reject('deadline_passed', { deadlineAt: need.deadlineAt });
  return () => {
    const { policy } = need.body;
    const id = entry.envelope.id as string as CommitId;
    const commit: Commit = {
      id,
      need: need.id,
      bid: lease.bid,
      attempt: lease.attempt,
      level: need.level,
      outputs: body.outputs,
      ...askedInEffect(context),
      ...(policy === undefined ? {} : { askedOfNeed: { capsule: policy, input: needPolicyInput(state, payload) } }),
      verdict: null,
      overturned: false,
      windowClosed: false,
      holdPassed: false,
      final: false,
      seatsPaid: false,
    };
    dropLease(context, need);
    need.phase = 'committed';
    need.commits.push(id);
    state.commits.set(id, commit);
    context.emit({ type: 'committed', need: need.id, attempt: lease.attempt, commit: id, worker: from });
    const parties = lease.bid.planner === null ? [need.requester, from] : [need.requester, from, lease.bid.planner];
    const sealed = sealsVotes(need);
    openCommittee(context, {
      subject: resultSubject(id),
      need: need.id,
      target: id,
      parties,
      level: need.level,
      sealed,
    });
  };
};
