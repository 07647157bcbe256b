import { bidSeal } from '@canswarm/protocol';
import { sha256 } from '../../support/keys.ts';
import { SALT, Story, sealed } from '../../support/story.ts';
import { ADA, BOB, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A bid is guessed at from its hash, price by price, to be undercut. */
export default {
  attackers: [BOB],
  must: 'impossible',
  plot(world) {
    const story = new Story(world, sealed());
    const salt = sha256(SALT);
    const [, seal] = story.sealedBid(ADA, 4 * CREDIT, { salt });
    if (seal.payload.verb !== 'SEAL_BID') throw new Error('a seal is due');
    const hash = String(seal.payload.body.seal);
    for (let price = 1; price <= 8; price += 1) {
      const guess = story.bid(ADA, (price * CREDIT) / 2, { salt: SALT }).payload;
      if (guess.verb === 'PROPOSE' && String(bidSeal(ADA.did, guess.body, sha256)) === hash)
        throw new Error('a hash told a price to who does not know its salt');
    }
  },
} satisfies Attack;
