import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

const STRANGER = agent('stranger');

/** Keys that nobody vouches for bid again and again below an honest worker, so that the queue is theirs and the work waits for them. */
export default {
  attackers: [BYSTANDER, STRANGER],
  must: 'unprofitable',
  unguarded: [
    {
      file: 'plan/merge.ts',
      find: 'return !entities.has(entity) && entities.add(entity);',
      put: "return entity !== '';",
    },
  ],
  plot(world) {
    world.accept(BYSTANDER, 'TRANSFER', { to: STRANGER.did, amount: 100 * CREDIT, create: true });
    const story = new Story(world).toPlanVotes();
    const flood = [BYSTANDER, STRANGER, STRANGER].map((key, index) => story.bid(key, 3 * CREDIT + index));
    const honest = story.bid(ADA, 4 * CREDIT);
    const bids = [...flood, honest];
    if (!story.decide([...story.planVotes(bids), ...bids]).outcome.accepted) throw new Error('DECIDE is refused');
    if (story.need.runnersUp.length !== 1) throw new Error(`one entity holds ${story.need.runnersUp.length} places`);
    world.accept(BYSTANDER, 'YIELD', { ...story.held(), reason: 'never meant to' });
    if (story.lease.bid.worker !== ADA.did) throw new Error('the honest worker waits for the flood');
    story.deliver().judge('pass').settle();
  },
} satisfies Attack;
