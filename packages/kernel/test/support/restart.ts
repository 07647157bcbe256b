import type { Bodies, VerifiedEnvelope } from '@canswarm/protocol';
import { fromHex } from '@canswarm/protocol';
import type { Evidence, Frame, World } from '../world.ts';
import type { Agent } from './keys.ts';

/** What a RESTART of a world says, and shows. */
export interface Restarting {
  readonly body: Bodies['RESTART'];
  readonly evidence: Evidence & { readonly envelopes: readonly VerifiedEnvelope[] };
}

/** A RESTART at the present head, with the statements of these keys. */
export function restarting(
  world: World,
  signers: readonly Agent[],
  own: Partial<Bodies['ATTEST_STATE']> = {},
  frame: Frame = {},
): Restarting {
  const body = { incarnation: world.state.incarnation + 1, root: fromHex(world.root()) };
  const envelopes = signers.map((who) => world.gossip(who, 'ATTEST_STATE', { ...body, ...own }, frame));
  return { body, evidence: { envelopes } };
}
