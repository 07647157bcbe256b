import { needBody } from '../../support/story.ts';
import { CREDIT, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A requester wants its own seats to be worth more than any result: by a fee above the cap of its class, and by a class of its own. */
export default {
  attackers: [REQUESTER],
  must: 'impossible',
  plot(world) {
    for (const kind of ['brief', 'documents', 'of-my-own', '__proto__'])
      world.refuse('seat_fee_over_cap', REQUESTER, 'NEED', needBody({ class: kind, seatFee: 10 * CREDIT + 1 }));
  },
} satisfies Attack;
