import type { SharedDuty } from '@canswarm/kernel';
import type { RandomStream } from '@canswarm/ports';
import type { Identity } from './identity.ts';

/** Places behind those named, among which the others are spread. */
const OUTSIDE = 8;

/** Which of a node's keys does a shared duty, and how many others should try before. */
export interface Turned {
  readonly identity: Identity;
  readonly place: number;
}

/**
 * The key of these that comes first in turn, or null when none may do it: a TICK is a verifier's, the rest any key may
 * say. Keys that the duty does not name take a random place behind, so that they do not all try at once.
 */
export function turnOf(duty: SharedDuty, identities: readonly Identity[], random: RandomStream): Turned | null {
  let best: Turned | null = null;
  for (const identity of identities) {
    const place = duty.first.indexOf(identity.signer.did);
    if (place >= 0 && (best === null || place < best.place)) best = { identity, place };
  }
  if (best !== null || duty.type === 'tick') return best;
  const [identity] = identities;
  return identity === undefined ? null : { identity, place: duty.first.length + random.below(OUTSIDE) };
}
