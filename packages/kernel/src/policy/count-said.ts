import { payloadLength, type VerifiedEntry } from '@canswarm/protocol';
import type { KernelEvent } from '../events.ts';
import type { State } from '../state.ts';
import type { PolicyState } from './network-policy.ts';

/**
 * Counts the entry at `state.position` for what later ones are asked: what its sender said, where that signed it for this log, and that it
 * is one of its need, where it is accepted. Does nothing where there is no policy.
 */
export function countSaid(
  state: State,
  entry: VerifiedEntry,
  outcome: 'unsigned' | 'rejected' | 'accepted',
  events: readonly KernelEvent[],
): void {
  const { policy, position, params } = state;
  if (policy === null) return;
  if (outcome !== 'unsigned') countSender(policy, entry);
  if (outcome === 'accepted') countNeed(state, policy, entry);
  for (const event of events) if (event.type === 'need_settled') policy.messages.delete(event.need);
  if ((position + 1) % params.headWindow > 0) return;
  policy.said.clear();
  policy.heard.clear();
}

function countSender({ said, heard }: PolicyState, { envelope }: VerifiedEntry): void {
  if (heard.has(envelope.id)) return;
  heard.add(envelope.id);
  const { from } = envelope.payload;
  const { messages, bytes } = said.get(from) ?? { messages: 0, bytes: 0 };
  said.set(from, { messages: messages + 1, bytes: bytes + payloadLength(envelope) });
}

function countNeed({ needs }: State, { messages }: PolicyState, { envelope }: VerifiedEntry): void {
  const { thread } = envelope.payload;
  if (thread !== null && needs.has(thread)) messages.set(thread, (messages.get(thread) ?? 0) + 1);
}
