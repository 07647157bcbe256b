import { accuse, falseDigest } from '../../support/accusation.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A seat votes without having read anything. */
export default {
  attackers: [],
  must: 'impossible',
  world: { verifiers: verifiersOf(9, 9) },
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const [lazy, ...others] = story.seats(story.jury);
    if (lazy === undefined) throw new Error('a jury has seats');
    const vote = story.vote(lazy, 'pass');
    const honest = others.map((seat) => story.vote(seat, 'pass', { steps: story.steps(seat) }));
    story.certify([vote, ...honest]);
    const { upheld } = accuse(world, BYSTANDER, story.commit.id, falseDigest(story, vote, 3));
    if (!upheld) throw new Error('a vote out of thin air went free');
    story.settle();
  },
} satisfies Attack;
