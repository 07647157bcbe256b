import { AUTHORITY } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** The authority makes more than the genesis allows. */
export default {
  attackers: [AUTHORITY],
  must: 'impossible',
  plot(world) {
    const room = world.state.supplyCap + world.balance('mint');
    world.refuse('supply_cap', AUTHORITY, 'MINT', { to: AUTHORITY.did, amount: room + 1, create: false });
  },
} satisfies Attack;
