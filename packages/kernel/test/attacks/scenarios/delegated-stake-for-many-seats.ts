import { Story } from '../../support/story.ts';
import { ADA, CREDIT, DAN, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Stake behind a verifier backs many of its judgements at once, and gives its owner weight as well. */
export default {
  attackers: [DAN],
  must: 'impossible',
  world: { verifiers: verifiersOf(15, 15, 2 * CREDIT) },
  plot(world) {
    world.accept(DAN, 'STAKE', { amount: 75 * CREDIT });
    for (const { who: key } of world.verifiers) {
      const body = { delegator: DAN.did, delegate: key.did, amount: 5 * CREDIT };
      world.accept(key, 'DELEGATE', body);
      world.accept(DAN, 'DELEGATE', body);
    }
    if (world.balance(`stake/${DAN.did}`) > 0) throw new Error('what is delegated is still its own');
    const stories = Array.from({ length: 3 }, () => new Story(world).hire([ADA]).deliver());
    for (const story of stories)
      world.tickUntil(() => story.jury.phase !== 'drawing' || world.events('draw_waiting').length > 0);
    for (const { who: key } of world.verifiers) {
      const seats = stories.flatMap(({ jury }) => jury.seats.filter(({ did }) => did === key.did));
      if (seats.reduce((sum, { reserved }) => sum + reserved, 0) > 7 * CREDIT)
        throw new Error('the same stake backs two seats');
    }
  },
} satisfies Attack;
