import { Story } from '../../support/story.ts';
import { ADA } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A worker has its result made final while it can be challenged. */
export default {
  attackers: [ADA],
  must: 'impossible',
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver().judge('pass');
    world.refuse('window_open', ADA, 'FINALIZE', { commit: story.commit.id });
    story.settle();
  },
} satisfies Attack;
