import { type EnvelopeId, equalBytes, type Payload } from '@canswarm/protocol';
import type { State } from './state.ts';

/** The running digest after `position`, or undefined when it is older than what is kept. */
export const digestAt = (state: State, position: number): Uint8Array | undefined =>
  state.digests.values[position - state.digests.first];

/**
 * Whether an envelope saw what an ended life of the log had beyond the state that the next began at: its head is of an earlier life, and no
 * point of our history as far as that is kept. Spec: `spec/03-kernel.md`, lives.
 */
export function isOfEndedLife(state: State, { head }: Pick<Payload, 'head'>): boolean {
  if (head.incarnation >= state.incarnation) return false;
  const digest = digestAt(state, head.position);
  return digest === undefined || !equalBytes(digest, head.digest);
}

/**
 * Positions between two sweeps of what the head window has left. Each sweep passes over the holes that earlier ones made in front, so one at
 * every position costs more than all else that an entry takes.
 */
const SWEEP = 64;

/** The first position of the head window: an entry whose head lies before it is stale. */
export const oldestHead = (state: State): number => state.position - state.params.headWindow;

/**
 * Ids that the head window still remembers, of `accepted` or `charged`: those that wait for the next sweep are as good as gone, and are no
 * part of the state.
 */
export const inWindow = <T>(
  state: State,
  ids: ReadonlyMap<EnvelopeId, T>,
  positionOf: (value: T) => number,
): Map<EnvelopeId, T> => {
  const oldest = oldestHead(state);
  return new Map([...ids].filter(([, value]) => positionOf(value) >= oldest));
};

/** Remembers the digest of the new position and forgets what neither the head window nor an open need refers to. */
export function extendHistory(state: State): void {
  const { digests, accepted, charged } = state;
  digests.values.push(state.digest);
  const oldest = oldestHead(state);
  const open = state.needs.values().next().value?.position ?? state.position;
  const keep = Math.min(oldest, open - 1);
  if (keep - digests.first >= state.params.headWindow / 4) {
    digests.values.splice(0, keep - digests.first);
    digests.first = keep;
  }
  if (state.position % SWEEP > 0) return;
  for (const [id, position] of accepted) {
    if (position >= oldest) break;
    accepted.delete(id);
  }
  for (const [id, { position }] of charged) {
    if (position >= oldest) break;
    charged.delete(id);
  }
}
