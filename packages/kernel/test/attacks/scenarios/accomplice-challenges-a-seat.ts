import { accuse, equivocation } from '../../support/accusation.ts';
import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A seat signs two votes and an accomplice proves it, to share the slash. */
export default {
  attackers: [BYSTANDER, ...Array.from({ length: 16 }, (_, index) => agent(`v${index}`))],
  must: 'unprofitable',
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const [seat] = story.seats(story.jury);
    if (seat === undefined) throw new Error('a jury has seats');
    const votes = [story.vote(seat, 'pass'), story.vote(seat, 'fail')] as const;
    story.certify(story.votes('pass'));
    const { upheld } = accuse(world, BYSTANDER, story.commit.id, equivocation(...votes));
    if (!upheld) throw new Error('two votes of one seat are proven');
    // The fees of the other seats are earned, and come from the requester.
    const fees = world.balance(`escrow/${story.id}`);
    if (fees === 0) throw new Error('the seats are not paid yet');
  },
} satisfies Attack;
