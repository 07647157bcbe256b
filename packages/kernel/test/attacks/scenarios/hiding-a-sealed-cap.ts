import { Story, sealed } from '../../support/story.ts';
import { ADA, CREDIT, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A requester learns what work costs and opens no cap: nobody is hired, and it has paid seats of two rounds. */
export default {
  attackers: [REQUESTER],
  must: 'unprofitable',
  plot(world) {
    const story = new Story(world, sealed(8 * CREDIT)).toPlanVotes();
    const [bid, seal] = story.sealedBid(ADA, 4 * CREDIT);
    const { outcome } = story.decide([...story.planVotes([bid]), bid, seal]);
    if (outcome.accepted) throw new Error('somebody was hired at a price that nobody knows');
    story.decide(story.planVotes([]));
    if (!story.settled) story.toPlanVotes().decide(story.planVotes([]));
  },
} satisfies Attack;
