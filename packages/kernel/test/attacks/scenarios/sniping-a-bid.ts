import { Story } from '../../support/story.ts';
import { ADA, BOB, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A bid is outdone by next to nothing, as late as can be. */
export default {
  attackers: [BOB],
  must: 'impossible',
  plot(world) {
    const story = new Story(world).toPlanVotes();
    const bid = story.bid(ADA, 4 * CREDIT);
    const sniper = story.bid(BOB, 4 * CREDIT - CREDIT / 100, { outbids: bid.id });
    const { outcome } = story.decide([...story.planVotes([sniper, bid]), sniper, bid]);
    if (outcome.accepted || outcome.code !== 'bid_unfit') throw new Error('a quarter of a percent won');
  },
} satisfies Attack;
