import { Story } from '../../support/story.ts';
import { ADA, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** One organisation holds a committee through many keys. */
export default {
  attackers: [],
  must: 'impossible',
  world: { verifiers: verifiersOf(40, 8) },
  plot(world) {
    for (let round = 0; round < 4; round += 1) {
      const story = new Story(world).hire([ADA]).deliver().toJudging();
      const entities = story.jury.seats.map(({ entity }) => entity);
      if (new Set(entities).size !== entities.length) throw new Error('an organisation holds two seats');
      story.judge('pass').settle();
    }
  },
} satisfies Attack;
