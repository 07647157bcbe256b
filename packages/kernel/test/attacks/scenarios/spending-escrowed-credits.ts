import { Story } from '../../support/story.ts';
import { ADA, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A requester spends what it escrowed for a need. */
export default {
  attackers: [REQUESTER],
  must: 'impossible',
  plot(world) {
    const story = new Story(world);
    const free = world.free(REQUESTER);
    world.refuse('funds_lacking', REQUESTER, 'TRANSFER', { to: ADA.did, amount: free + 1, create: false });
    world.refuse('funds_lacking', REQUESTER, 'STAKE', { amount: free + 1 });
    world.accept(REQUESTER, 'CANCEL', { need: story.id });
  },
} satisfies Attack;
