import { DIVISION, Story } from '../../support/story.ts';
import { ADA, BOB, BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A plan whose tasks wait for one another for ever would hold the requester's credits until the deadline. */
export default {
  attackers: [BYSTANDER],
  must: 'impossible',
  plot(world) {
    const story = new Story(world, { plan: DIVISION }).toPlanVotes();
    const { bid, shown } = story.dividedBid(BYSTANDER, [
      { task: 'find', worker: ADA, price: 1, after: ['sort'] },
      { task: 'sort', worker: BOB, price: 1, after: ['find'] },
      { task: 'main', worker: ADA, price: 1, after: ['sort'] },
    ]);
    const { outcome } = story.decide([...story.planVotes([bid]), ...shown]);
    if (outcome.accepted || outcome.code !== 'bid_unfit') throw new Error('a circle was adopted');
    if (story.need.phase !== 'bidding') throw new Error('the need does not go on');
  },
} satisfies Attack;
