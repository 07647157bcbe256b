import { ADA, BOB, CREDIT, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Whom an escrow is for pays itself. */
export default {
  attackers: [ADA],
  must: 'impossible',
  plot(world) {
    world.accept(REQUESTER, 'ESCROW', { to: ADA.did, amount: 10 * CREDIT, periodMs: 500, create: false });
    const escrow = world.events('escrow_opened').at(-1)?.escrow;
    if (escrow === undefined) throw new Error('no escrow was opened');
    world.refuse('escrow_exceeded', ADA, 'SETTLE', { escrow, amount: 1 });
    world.refuse('escrow_party_only', BOB, 'SETTLE', { escrow, amount: 0 });
    world.tickUntil(() => world.state.escrows.size === 0);
  },
} satisfies Attack;
