import { ADA, CREDIT, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Payer and payee together have one escrow paid twice. */
export default {
  attackers: [REQUESTER, ADA],
  must: 'unprofitable',
  plot(world) {
    world.accept(REQUESTER, 'ESCROW', { to: ADA.did, amount: 10 * CREDIT, periodMs: 86_400_000, create: false });
    const escrow = world.events('escrow_opened').at(-1)?.escrow;
    if (escrow === undefined) throw new Error('no escrow was opened');
    world.accept(REQUESTER, 'SETTLE', { escrow, amount: 10 * CREDIT });
    world.refuse('escrow_unknown', REQUESTER, 'SETTLE', { escrow, amount: 10 * CREDIT });
    world.refuse('escrow_unknown', ADA, 'SETTLE', { escrow, amount: 0 });
  },
} satisfies Attack;
