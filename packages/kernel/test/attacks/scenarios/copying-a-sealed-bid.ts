import { Story, sealed } from '../../support/story.ts';
import { ADA, BOB, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Another's hash is said again under the own key, to be opened by what the other opens. */
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
    if (seal.payload.verb !== 'SEAL_BID') throw new Error('a seal is due');
    const copy = world.gossip(BOB, 'SEAL_BID', seal.payload.body);
    const [mine] = story.sealedBid(BOB, 4 * CREDIT);
    const { outcome } = story.decide([...story.planVotes([mine, bid]), mine, copy, bid, seal]);
    if (outcome.accepted || outcome.code !== 'bid_unfit') throw new Error('a copied hash won');
  },
} satisfies Attack;
