import { Story } from '../../support/story.ts';
import { ADA, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Seats seal whatever, look at what the others open, and open nothing: with a verdict or without, each of them pays. */
export default {
  attackers: [],
  must: 'impossible',
  world: { verifiers: verifiersOf(13, 13) },
  plot(world) {
    for (const opened of [3, 2]) {
      const story = new Story(world, { tier: 6 }).hire([ADA]).deliver().toJudging();
      const seats = story.seats(story.jury);
      const owned = (): readonly number[] =>
        seats.slice(opened).map(({ did }) => world.balance(`stake/${did}`) + world.balance(`reserve/${did}`));
      const before = owned();
      const votes = story.votes('pass');
      story.certify(votes.map((vote) => story.sealOf(vote)));
      world.tick(500);
      story.certify(votes.slice(0, opened));
      world.tick(550);
      if (owned().some((after, index) => after >= (before[index] ?? 0)))
        throw new Error('who sealed and opens nothing keeps all');
      story.settle();
    }
  },
} satisfies Attack;
