import { Story } from '../../support/story.ts';
import { ADA, CREDIT, DAN } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A worker waits until the window is over and the votes are known, then bids a little less and shows its bid to the log itself. */
export default {
  attackers: [DAN],
  must: 'impossible',
  unguarded: [
    { file: 'rules/decide.ts', find: 'if (count < committee.k) continue;', put: 'if (count < 0) continue;' },
    {
      file: 'rules/decide.ts',
      find: 'for (const id of vote.bids) named',
      put: 'for (const id of [...vote.bids, ...envelopes.map((one) => one.id)]) named',
    },
  ],
  plot(world) {
    const story = new Story(world).toPlanVotes();
    const bid = story.bid(ADA, 4 * CREDIT);
    const votes = story.planVotes([bid]);
    const late = story.bid(DAN, 4 * CREDIT - 1);
    if (!story.decide([...votes, bid, late], DAN).outcome.accepted) throw new Error('what nobody names is in the way');
    if (story.lease.bid.worker !== ADA.did) throw new Error('a bid that no seat names wins');
    if (story.need.runnersUp.length > 0) throw new Error('a bid that no seat names is kept');
    story.deliver().judge('pass').settle();
  },
} satisfies Attack;
