import { identityOf, pointsOf, standingBps } from '../../../src/reputation.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A worker that broke a lease goes on under a key that nobody knows: that never stands better than the old one. */
export default {
  attackers: [ADA, BYSTANDER],
  must: 'impossible',
  plot(world) {
    const stands = (who: typeof ADA): number => {
      const { state } = world;
      return standingBps(state.params, pointsOf(state, 'work/documents', identityOf(state, who.did)));
    };
    new Story(world).hire([ADA]).deliver().judge('pass').settle();
    for (let again = 0; again < 25; again += 1) {
      new Story(world).hire([ADA]);
      const lost = world.events('lease_lost').length;
      world.tickUntil(() => world.events('lease_lost').length > lost, 500);
      if (stands(BYSTANDER) > stands(ADA)) throw new Error('a new key stands better than a punished one');
    }
  },
} satisfies Attack;
