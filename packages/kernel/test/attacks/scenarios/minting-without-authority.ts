import { ADA, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Somebody makes credits. */
export default {
  attackers: [ADA],
  must: 'impossible',
  plot(world) {
    world.refuse('authority_only', ADA, 'MINT', { to: ADA.did, amount: CREDIT, create: false });
  },
} satisfies Attack;
