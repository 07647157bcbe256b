import { Story } from '../../support/story.ts';
import { BOB, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Somebody cancels the need of a competitor. */
export default {
  attackers: [BOB],
  must: 'impossible',
  plot(world) {
    const story = new Story(world);
    world.refuse('requester_only', BOB, 'CANCEL', { need: story.id });
    world.accept(REQUESTER, 'CANCEL', { need: story.id });
  },
} satisfies Attack;
