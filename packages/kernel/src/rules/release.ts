import { isRejection, reject } from '../context.ts';
import { loseLease } from '../need-life.ts';
import { judgeHead } from '../votes.ts';
import { findLease } from './lease-entry.ts';
import type { Rule } from './rule.ts';

/** RELEASE: K plan seats miss the holder's heartbeat; all the bond. Spec: `spec/04-verbs.md`, RELEASE. */
export const judgeRelease: Rule<'RELEASE'> = (context, { entry, payload }) => {
  // 1 to 5
  const held = findLease(context, payload.body, null);
  if (isRejection(held)) return held;
  const { need, lease } = held;
  const missing = new Set<string>();
  for (const envelope of entry.evidence.envelopes) {
    const vote = envelope.payload;
    // 6 miss_unfit: a MISS on this very lease by a plan seat of the decided round
    if (vote.verb !== 'MISS' || !need.planSeats.includes(vote.from)) return reject('miss_unfit', { from: vote.from });
    const { attempt, fence } = vote.body;
    const same =
      attempt === lease.attempt &&
      fence.position === lease.fence.position &&
      fence.incarnation === lease.fence.incarnation;
    if (vote.body.need !== need.id || !same) return reject('miss_unfit', { from: vote.from, attempt });
    // 7 vote_head_*: newer than the holder's last entry on the lease
    const head = judgeHead(context, envelope, lease.touched);
    if (isRejection(head)) return head;
    // 8 vote_twice
    if (missing.has(vote.from)) return reject('vote_twice', { from: vote.from });
    missing.add(vote.from);
  }
  // 9 votes_too_few
  if (missing.size < need.planK) return reject('votes_too_few', { misses: missing.size, needed: need.planK });
  return () => loseLease(context, need, 'released', 0);
};
