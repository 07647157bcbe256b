import { Story } from '../../support/story.ts';
import { ADA, CREDIT, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A verifier with stake for one seat sits on many judgements. */
export default {
  attackers: [],
  must: 'impossible',
  world: { verifiers: verifiersOf(15, 15, 7 * CREDIT) },
  plot(world) {
    const stories = Array.from({ length: 3 }, () => new Story(world).hire([ADA]).deliver());
    for (const story of stories)
      world.tickUntil(() => story.jury.phase !== 'drawing' || world.events('draw_waiting').length > 0);
    for (const { who: key } of world.verifiers) {
      const stake = world.balance(`stake/${key.did}`) + world.balance(`reserve/${key.did}`);
      const seats = stories.flatMap(({ jury }) => jury.seats.filter(({ did }) => did === key.did));
      if (seats.reduce((sum, { reserved }) => sum + reserved, 0) > stake)
        throw new Error('the same stake backs two seats');
    }
  },
} satisfies Attack;
