import type { State } from '@canswarm/kernel';
import type { Did, NeedId, Payload } from '@canswarm/protocol';
import type { Said } from './outbox.ts';

/** What a key would sign now, to ask policies about: without evidence and references, and never signed as it is. */
export const draftPayload = (
  { network, incarnation, position, digest, time, epoch }: State,
  from: Did,
  said: Said,
  thread: NeedId | null,
): Payload => ({
  ...{ v: 1, network, thread, ...said, refs: [] },
  ...{ lamport: 1, time, epoch, policy: null, from },
  head: { incarnation, position, digest },
  evidence: null,
});
