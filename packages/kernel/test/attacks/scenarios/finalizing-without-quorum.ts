import { Story } from '../../support/story.ts';
import { ADA } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A worker has its result made final that nobody judged. */
export default {
  attackers: [ADA],
  must: 'impossible',
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    world.refuse('not_verified', ADA, 'FINALIZE', { commit: story.commit.id });
    const [first, second] = story.votes('pass');
    if (first === undefined || second === undefined) throw new Error('a jury has seats');
    const body = { commit: story.commit.id, ballot: story.jury.ballot };
    world.refuse('votes_too_few', ADA, 'CERTIFY', body, { envelopes: [first, second] });
    world.refuse('not_verified', ADA, 'FINALIZE', { commit: story.commit.id });
  },
} satisfies Attack;
