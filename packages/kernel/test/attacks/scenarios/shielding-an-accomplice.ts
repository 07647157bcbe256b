import { Story } from '../../support/story.ts';
import { ADA, BOB, CREDIT, CYD } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** One bids what nobody can outdo, so that nobody improves on the dear bid of its accomplice, wins and yields. */
export default {
  attackers: [ADA, BOB],
  must: 'unprofitable',
  plot(world) {
    const story = new Story(world).toPlanVotes();
    const [shield, dear] = [story.bid(ADA, CREDIT / 2), story.bid(BOB, 4 * CREDIT)];
    const honest = story.bid(CYD, 3 * CREDIT, { outbids: dear.id });
    const bids = [shield, honest, dear];
    const { outcome } = story.decide([...story.planVotes(bids), ...bids]);
    if (!outcome.accepted) throw new Error(`nobody was hired: ${outcome.code}`);
    world.accept(ADA, 'YIELD', { ...story.held(), reason: '' });
    if (story.lease.bid.worker !== CYD.did) throw new Error('the accomplice came before who outbid it');
    story.deliver().judge('pass').toWindowEnd().finalize().settle();
  },
} satisfies Attack;
