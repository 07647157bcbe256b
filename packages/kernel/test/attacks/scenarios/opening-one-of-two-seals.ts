import { rankedBids } from '../../../src/duties/auction.ts';
import { GossipView } from '../../support/gossip-view.ts';
import { joinOrg } from '../../support/join-org.ts';
import { Story, sealed } from '../../support/story.ts';
import { ADA, CREDIT, CYD } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** An organisation seals by two of its keys, and opens the dear bid when it has seen that it is enough. */
export default {
  attackers: [ADA, CYD],
  must: 'impossible',
  plot(world) {
    for (const key of [ADA, CYD]) joinOrg(world, key, 'two-keys');
    const story = new Story(world, sealed());
    const [dear, seal] = story.sealedBid(ADA, 4 * CREDIT);
    const [, other] = story.sealedBid(CYD, 2 * CREDIT);
    const view = new GossipView().hear(seal, other, dear);
    if (rankedBids(world.state, view, story.need).length > 0) throw new Error('one of two seals was opened and counts');
  },
} satisfies Attack;
