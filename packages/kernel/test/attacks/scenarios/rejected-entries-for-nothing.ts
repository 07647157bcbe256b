import { ADA } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Entries that are refused fill the log. */
export default {
  attackers: [ADA],
  must: 'impossible',
  limit: 'log space is not paid: an entry that is refused costs its sender nothing',
  plot(world) {
    const { position } = world.state;
    for (let times = 0; times < 50; times += 1)
      world.refuse('authority_only', ADA, 'MINT', { to: ADA.did, amount: 1, create: false });
    if (world.state.position !== position + 50) throw new Error('a refused entry takes a position');
  },
} satisfies Attack;
