import { agent } from '../../support/keys.ts';
import { CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A key withdraws one unbonding twice. */
export default {
  attackers: [agent('v0')],
  must: 'unprofitable',
  plot(world) {
    const verifier = agent('v0');
    world.accept(verifier, 'UNBOND', { delegate: null, amount: 10 * CREDIT });
    const unbonding = world.events('unbonding_opened').at(-1)?.unbonding;
    if (unbonding === undefined) throw new Error('nothing unbonds');
    world.tickUntil(() => world.events('unbonding_over').length > 0, 250);
    world.accept(verifier, 'WITHDRAW', { unbonding });
    world.refuse('unbonding_unknown', verifier, 'WITHDRAW', { unbonding });
  },
} satisfies Attack;
