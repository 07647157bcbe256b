import { ADA, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** One key opens escrows without end, so that everybody keeps them. */
export default {
  attackers: [REQUESTER, ADA],
  must: 'unprofitable',
  plot(world) {
    const escrow = { to: ADA.did, amount: 1, periodMs: 500, create: false };
    for (let open = 0; open < 16; open += 1) world.accept(REQUESTER, 'ESCROW', escrow);
    world.refuse('too_many_open', REQUESTER, 'ESCROW', escrow);
    world.tickUntil(() => world.state.escrows.size === 0);
  },
} satisfies Attack;
