import { Story } from '../../support/story.ts';
import { ADA, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** The organisation of the worker has verifiers, and one of them judges it. */
export default {
  attackers: [ADA],
  must: 'impossible',
  world: { verifiers: verifiersOf(12, 12).map((one, index) => (index < 2 ? { ...one, org: 'work-ada' } : one)) },
  plot(world) {
    for (let round = 0; round < 4; round += 1) {
      const story = new Story(world).hire([ADA]).deliver().toJudging();
      if (story.jury.seats.some(({ entity }) => entity === 'org:work-ada')) throw new Error('it judges itself');
      story.judge('pass').settle();
    }
  },
} satisfies Attack;
