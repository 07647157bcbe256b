import type { State } from './state.ts';

/** The running digest after `position`, or undefined when it is older than what is kept. */
export const digestAt = (state: State, position: number): Uint8Array | undefined =>
  state.digests.values[position - state.digests.first];

/** Remembers the digest of the new position and forgets what neither the head window nor an open need refers to. */
export function extendHistory(state: State): void {
  const { digests, accepted, charged } = state;
  digests.values.push(state.digest);
  const oldest = state.position - state.params.headWindow;
  const open = state.needs.values().next().value?.position ?? state.position;
  const keep = Math.min(oldest, open - 1);
  if (keep - digests.first >= state.params.headWindow / 4) {
    digests.values.splice(0, keep - digests.first);
    digests.first = keep;
  }
  for (const [id, position] of accepted) {
    if (position >= oldest) break;
    accepted.delete(id);
  }
  for (const [id, { position }] of charged) {
    if (position >= oldest) break;
    charged.delete(id);
  }
}
