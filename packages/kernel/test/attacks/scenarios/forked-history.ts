import { ADA, BOB } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** An entry names another history than the log has. */
export default {
  attackers: [ADA],
  must: 'impossible',
  plot(world) {
    const head = { ...world.head(), digest: new Uint8Array(32).fill(7) };
    world.refuse('head_forked', ADA, 'TRANSFER', { to: BOB.did, amount: 1, create: false }, undefined, { head });
  },
} satisfies Attack;
