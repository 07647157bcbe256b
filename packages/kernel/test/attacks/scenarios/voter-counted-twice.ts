import { Story } from '../../support/story.ts';
import { ADA } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** One seat votes three times for the same. */
export default {
  attackers: [ADA],
  must: 'impossible',
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const [seat] = story.seats(story.jury);
    if (seat === undefined) throw new Error('a jury has seats');
    const votes = Array.from({ length: 3 }, () => story.vote(seat, 'pass'));
    const body = { commit: story.commit.id, ballot: story.jury.ballot };
    world.refuse('vote_twice', ADA, 'CERTIFY', body, { envelopes: votes });
  },
} satisfies Attack;
