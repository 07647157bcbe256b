import type { Clock } from '@canswarm/ports';
import type { EnvelopeId, NeedId } from '@canswarm/protocol';
import type { Identity } from './identity.ts';
import type { Outbox, Said } from './outbox.ts';
import type { SelfCheck } from './self-check.ts';
import type { NegotiationView } from './view.ts';

/** What an owner has a key say as a seat. */
export interface CastVote {
  readonly identity: Identity;
  readonly said: Said;
  readonly need: NeedId;
  /** Names the vote: under it, it is durable before it leaves. */
  readonly guard: string;
}

interface Casting {
  readonly view: NegotiationView;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly selfCheck: SelfCheck;
  readonly isBehind: () => boolean;
}

/**
 * Casts the vote of a seat by an owner's command. Null where that was signed before: no key votes twice. Rejects where the engine of this node
 * decides otherwise than the policy's author says, the node has yet to come
 * to where its log began another life, or the vote will not be said.
 */
export async function castVote(
  { identity, said, need, guard }: CastVote,
  { view, outbox, clock, selfCheck, isBehind }: Casting,
): Promise<EnvelopeId | null> {
  if (selfCheck.hasFailed)
    throw new Error(
      'the policy engine of this node decides otherwise than the conformance vector says; it would not count. Repair the engine and start the node again',
    );
  if (isBehind())
    throw new Error(
      'this node has yet to come to where its log began another life: what it would vote on may be lost. Vote again once it is there',
    );
  if (view.signedAt(need, guard) !== null) return null;
  view.noteSigned(need, guard, clock.now());
  try {
    return await outbox.command(identity.signer, said, need, { guard });
  } catch (error) {
    // What was not said binds nobody.
    view.forgetSigned(need, guard);
    throw error;
  }
}
