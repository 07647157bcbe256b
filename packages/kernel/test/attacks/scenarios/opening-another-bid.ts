import { Story, sealed } from '../../support/story.ts';
import { ADA, BOB, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Who sealed a dear bid opens a cheaper one when it has seen the others. */
export default {
  attackers: [BOB],
  must: 'impossible',
  unguarded: [
    {
      file: 'sealed-bids.ts',
      find: 'return equalBytes(seal.body.seal, bidSeal(bid.from, bid.body, sha256));',
      put: 'return sha256 !== null;',
    },
  ],
  plot(world) {
    const story = new Story(world, sealed()).toPlanVotes();
    const [bid, seal] = story.sealedBid(ADA, 4 * CREDIT);
    const [, dear] = story.sealedBid(BOB, 6 * CREDIT);
    const [cheap] = story.sealedBid(BOB, 4 * CREDIT - 1);
    const { outcome } = story.decide([...story.planVotes([cheap, bid]), cheap, dear, bid, seal]);
    if (outcome.accepted || outcome.code !== 'bid_unfit') throw new Error('another bid than was sealed won');
  },
} satisfies Attack;
