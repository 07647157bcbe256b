import { Story } from '../../support/story.ts';
import { ADA, BOB, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** DECIDE shows only the bid of a friend, though the seats named others. */
export default {
  attackers: [BOB],
  must: 'impossible',
  plot(world) {
    const story = new Story(world).toPlanVotes();
    const [friend, other] = [story.bid(BOB, 3 * CREDIT), story.bid(ADA, 4 * CREDIT)];
    const { outcome } = story.decide([...story.planVotes([friend, other]), friend]);
    if (outcome.accepted || outcome.code !== 'bids_lacking') throw new Error('a bid was hidden');
  },
} satisfies Attack;
