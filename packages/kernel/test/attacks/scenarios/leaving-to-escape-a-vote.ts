import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A seat leaves the pool and takes its stake along instead of voting. */
export default {
  attackers: Array.from({ length: 9 }, (_, index) => agent(`v${index}`)),
  must: 'unprofitable',
  world: { verifiers: verifiersOf(9, 9) },
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const seats = story.seats(story.jury);
    for (const seat of seats) {
      world.accept(seat, 'LEAVE', {});
      world.accept(seat, 'UNBOND', { delegate: null, amount: world.balance(`stake/${seat.did}`) });
    }
    world.tickUntil(
      () => seats.every(({ did }) => world.events('seat_silent').some((event) => event.did === did)),
      100,
    );
  },
} satisfies Attack;
