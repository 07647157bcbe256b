import { accuse, missingCitation } from '../../support/accusation.ts';
import { LYING } from '../../support/documents.ts';
import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Seats that passed a false result take their stake out before it is challenged. */
export default {
  attackers: Array.from({ length: 9 }, (_, index) => agent(`v${index}`)),
  must: 'unprofitable',
  world: { verifiers: verifiersOf(9, 9) },
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(LYING).judge('pass');
    const { id } = story.commit;
    const seats = story.seats(story.jury);
    for (const seat of seats)
      world.accept(seat, 'UNBOND', { delegate: null, amount: world.balance(`stake/${seat.did}`) });
    const { upheld } = accuse(world, BYSTANDER, id, missingCitation(story));
    if (!upheld) throw new Error('a false quote is proven');
    if (world.events('slashed').length !== seats.length) throw new Error('a seat that passed it went free');
    story.settle();
  },
} satisfies Attack;
