import { Story } from '../../support/story.ts';
import { ADA, CREDIT, DAN, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** An accomplice of the requester bids far below the honest worker, wins and yields, so that the honest one does it for less. */
export default {
  attackers: [REQUESTER, DAN],
  must: 'unprofitable',
  plot(world) {
    const story = new Story(world).toPlanVotes();
    const [shill, honest] = [story.bid(DAN, 1), story.bid(ADA, 4 * CREDIT)];
    const bids = [shill, honest];
    if (!story.decide([...story.planVotes(bids), ...bids]).outcome.accepted) throw new Error('DECIDE is refused');
    world.accept(DAN, 'YIELD', { ...story.held(), reason: 'never meant to' });
    if (story.lease.bid.price !== 4 * CREDIT) throw new Error('a shill moves the price of another');
    story.deliver().judge('pass').settle();
    const paid = world.events('posting').filter(({ code, credit }) => code === 'price' && credit === `free/${ADA.did}`);
    if (paid.at(-1)?.amount !== 4 * CREDIT) throw new Error('the honest worker is paid less than it asked');
  },
} satisfies Attack;
