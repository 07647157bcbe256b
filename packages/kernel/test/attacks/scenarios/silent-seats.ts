import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Seats never vote, so that a judgement takes long. */
export default {
  attackers: Array.from({ length: 9 }, (_, index) => agent(`v${index}`)),
  must: 'unprofitable',
  world: { verifiers: verifiersOf(9, 9) },
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver();
    world.tickUntil(() => story.settled, 500);
    if (world.events('seat_silent').length === 0) throw new Error('nobody was silent');
  },
} satisfies Attack;
