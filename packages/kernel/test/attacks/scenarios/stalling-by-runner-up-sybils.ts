import { Story } from '../../support/story.ts';
import { ADA, BOB, CYD } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** All runners-up belong to one owner and let one lease after the other expire. */
export default {
  attackers: [ADA, BOB, CYD],
  must: 'unprofitable',
  plot(world) {
    const story = new Story(world).hire([ADA, BOB, CYD]);
    world.tickUntil(() => world.events('lease_lost').length === 3, 250);
    world.tickUntil(() => story.settled, 1_000);
    if (world.events('finalized').length > 0) throw new Error('something was delivered');
  },
} satisfies Attack;
