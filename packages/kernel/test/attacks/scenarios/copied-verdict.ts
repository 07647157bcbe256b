import { accuse, falseDigest } from '../../support/accusation.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A seat copies the vote of another with its step hashes instead of working. */
export default {
  attackers: [],
  must: 'impossible',
  world: { verifiers: verifiersOf(9, 9) },
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const [honest, lazy, ...others] = story.seats(story.jury);
    if (honest === undefined || lazy === undefined) throw new Error('a jury has seats');
    const copied = story.vote(lazy, 'pass', { steps: story.steps(honest) });
    const votes = [honest, ...others].map((seat) => story.vote(seat, 'pass', { steps: story.steps(seat) }));
    story.certify([copied, ...votes]);
    const before = world.balance(`stake/${lazy.did}`) + world.balance(`reserve/${lazy.did}`);
    const { upheld } = accuse(world, BYSTANDER, story.commit.id, falseDigest(story, copied, 0));
    const after = world.balance(`stake/${lazy.did}`) + world.balance(`reserve/${lazy.did}`);
    if (!upheld || after >= before) throw new Error('a copied vote went free');
    story.settle();
  },
} satisfies Attack;
