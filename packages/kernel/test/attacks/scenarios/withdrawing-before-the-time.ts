import { agent } from '../../support/keys.ts';
import { BOB, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A key withdraws while its stake is still within reach, or what is not its own. */
export default {
  attackers: [agent('v0'), BOB],
  must: 'impossible',
  plot(world) {
    const verifier = agent('v0');
    world.accept(verifier, 'UNBOND', { delegate: null, amount: 10 * CREDIT });
    const unbonding = world.events('unbonding_opened').at(-1)?.unbonding;
    if (unbonding === undefined) throw new Error('nothing unbonds');
    world.refuse('unbonding_runs', verifier, 'WITHDRAW', { unbonding });
    world.refuse('unbonding_unknown', BOB, 'WITHDRAW', { unbonding });
  },
} satisfies Attack;
