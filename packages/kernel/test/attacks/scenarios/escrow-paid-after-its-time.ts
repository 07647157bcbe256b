import { ADA, CREDIT, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Who set credits aside pays them out after they went back. */
export default {
  attackers: [REQUESTER, ADA],
  must: 'unprofitable',
  plot(world) {
    world.accept(REQUESTER, 'ESCROW', { to: ADA.did, amount: 10 * CREDIT, periodMs: 500, create: false });
    const escrow = world.events('escrow_opened').at(-1)?.escrow;
    if (escrow === undefined) throw new Error('no escrow was opened');
    world.tickUntil(() => world.state.escrows.size === 0);
    world.refuse('escrow_unknown', REQUESTER, 'SETTLE', { escrow, amount: 10 * CREDIT });
  },
} satisfies Attack;
