import { Story } from '../../support/story.ts';
import { ADA, BOB, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Plan seats choose a dearer bid although a better one is shown. */
export default {
  attackers: [BOB],
  must: 'impossible',
  plot(world) {
    const story = new Story(world).toPlanVotes();
    const [good, dear] = [story.bid(ADA, 2 * CREDIT), story.bid(BOB, 6 * CREDIT)];
    const { outcome } = story.decide([...story.planVotes([dear, good]), good, dear]);
    if (outcome.accepted || outcome.code !== 'winner_outscored') throw new Error('the worse bid won');
  },
} satisfies Attack;
