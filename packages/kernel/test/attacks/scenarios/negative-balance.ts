import { ADA, BOB } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A key pays more than it has, in one piece or by amounts that wrap around. */
export default {
  attackers: [ADA],
  must: 'impossible',
  plot(world) {
    for (const amount of [world.free(ADA) + 1, Number.MAX_SAFE_INTEGER])
      world.refuse('funds_lacking', ADA, 'TRANSFER', { to: BOB.did, amount, create: false });
  },
} satisfies Attack;
