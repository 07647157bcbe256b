import { Story } from '../../support/story.ts';
import { ADA, BOB } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A worker wins and does nothing. */
export default {
  attackers: [ADA],
  must: 'unprofitable',
  plot(world) {
    const story = new Story(world).hire([ADA, BOB]);
    world.tickUntil(() => world.events('lease_lost').length > 0, 250);
    if (story.lease.bid.worker !== BOB.did) throw new Error('no runner-up took over');
    story.deliver().judge('pass').settle();
  },
} satisfies Attack;
