import { accuse, equivocation } from '../../support/accusation.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A seat signs two different votes on one result. */
export default {
  attackers: [],
  must: 'impossible',
  world: { verifiers: verifiersOf(9, 9) },
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const [seat] = story.seats(story.jury);
    if (seat === undefined) throw new Error('a jury has seats');
    const votes = [story.vote(seat, 'pass'), story.vote(seat, 'fail')] as const;
    const before = world.balance(`reserve/${seat.did}`);
    const { upheld } = accuse(world, BYSTANDER, story.commit.id, equivocation(...votes));
    if (!upheld || world.balance(`reserve/${seat.did}`) >= before) throw new Error('two votes of one seat went free');
  },
} satisfies Attack;
