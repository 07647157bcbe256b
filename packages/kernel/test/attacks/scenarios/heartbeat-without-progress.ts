import { Story } from '../../support/story.ts';
import { ADA, BOB } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A worker renews its lease for ever without getting on. */
export default {
  attackers: [ADA],
  must: 'unprofitable',
  plot(world) {
    const story = new Story(world).hire([ADA, BOB]);
    for (let renewal = 0; renewal < world.state.params.maxRenewals; renewal += 1)
      world.accept(ADA, 'RENEW', { ...story.held(), progress: null });
    world.refuse('renewals_spent', ADA, 'RENEW', { ...story.held(), progress: null });
    world.tickUntil(() => world.events('lease_lost').length > 0, 250);
    story.deliver().judge('pass').settle();
  },
} satisfies Attack;
