import { Story, sealed } from '../../support/story.ts';
import { ADA, CREDIT, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A requester that has seen the bids opens a lower cap than it sealed, to be done the work for less. */
export default {
  attackers: [REQUESTER],
  must: 'impossible',
  unguarded: [
    {
      file: 'sealed-bids.ts',
      find: 'equalBytes(body.capSeal, capSeal(requester, cap, salt, sha256))',
      put: 'salt !== sha256(salt)',
    },
  ],
  plot(world) {
    const story = new Story(world, sealed(8 * CREDIT)).toPlanVotes();
    const [bid, seal] = story.sealedBid(ADA, 4 * CREDIT);
    const votes = story.planVotes([bid]);
    const { outcome } = story.decide([...votes, bid, seal, story.openCap(4 * CREDIT)]);
    if (outcome.accepted || outcome.code !== 'cap_sealed') throw new Error('a cap was opened that was not sealed');
  },
} satisfies Attack;
