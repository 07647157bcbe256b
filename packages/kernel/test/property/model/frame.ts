import { type Payload, toHex, type VerifiedEntry } from '@canswarm/protocol';
import type { RejectionCode } from '../../../src/context.ts';
import { epochOf } from './policies.ts';
import type { Model } from './tables.ts';

/** The need that an entry must name as its thread; undefined if it is about a commit that nobody knows. */
function threadDue(model: Model, payload: Payload): string | null | undefined {
  const { body } = payload;
  const about = 'commit' in body ? body.commit : 'subject' in body ? body.subject : null;
  if (about !== null) {
    const commit = model.commits.find(({ id, settled }) => id === (about as string) && !settled);
    const need = model.needs.find(({ id, settled }) => 'subject' in body && id === (about as string) && !settled);
    return commit?.need ?? need?.id;
  }
  return 'need' in body ? body.need : null;
}

/** Why an entry is not what its sender signed for this log as it is. */
export function* signedFaults(model: Model, { envelope }: VerifiedEntry): Iterable<RejectionCode> {
  const { payload, id } = envelope;
  const { head } = payload;
  if (payload.network !== model.network) yield 'network_other';
  if (payload.epoch !== epochOf(model)) yield 'epoch_other';
  if (payload.policy !== null) yield 'policy_unknown';
  if (head.incarnation !== model.incarnation) yield 'incarnation_other';
  if (head.position > model.position) yield 'head_ahead';
  if (head.position < model.position - model.params.headWindow) yield 'head_stale';
  if (model.heads[head.position] !== toHex(head.digest)) yield 'head_forked';
  if (model.accepted.has(id)) yield 'replayed';
}

/** An entry must name the need that it is about. */
export function* threadFaults(model: Model, { envelope }: VerifiedEntry): Iterable<RejectionCode> {
  const { payload } = envelope;
  const thread = threadDue(model, payload);
  if (thread !== undefined && payload.thread !== thread) yield 'thread_other';
}
