import { payloadLength, type VerifiedEntry } from '@canswarm/protocol';
import type { KernelEvent } from '../events.ts';
import type { State } from '../state.ts';
import type { PolicyState } from './network-policy.ts';
import { tookBy } from './policy-input.ts';

/**
 * Counts the entry at `state.position` for what later ones are asked: what its sender said, where that signed it for this log, and what was
 * spent on its need, where it is accepted. Does nothing where there is no policy.
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
  for (const event of events) if (event.type === 'need_settled') policy.spent.delete(event.need);
  if ((position + 1) % params.headWindow === 0) policy.said.clear();
}

function countSender({ said }: PolicyState, { envelope }: VerifiedEntry): void {
  const { from } = envelope.payload;
  const { messages, bytes } = said.get(from) ?? { messages: 0, bytes: 0 };
  said.set(from, { messages: messages + 1, bytes: bytes + payloadLength(envelope) });
}

function countNeed(state: State, { spent }: PolicyState, { envelope }: VerifiedEntry): void {
  const { payload } = envelope;
  const { thread } = payload;
  if (thread === null || !state.needs.has(thread)) return;
  const { messages, ms, tokens } = spent.get(thread) ?? { messages: 0, ms: 0, tokens: 0 };
  const took = tookBy(payload);
  const sum = (one: number, other: number): number => Math.min(one + other, Number.MAX_SAFE_INTEGER);
  spent.set(thread, { messages: messages + 1, ms: sum(ms, took.ms), tokens: sum(tokens, took.tokens) });
}
