import { accuse, equivocation } from '../../support/accusation.ts';
import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, CREDIT, DAN, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const VERIFIERS = Array.from({ length: 9 }, (_, index) => agent(`v${index}`));

/** A verifier with as much of others behind it as counts signs two votes, and an accomplice proves it, to share what is theirs. */
export default {
  attackers: [BYSTANDER, ...VERIFIERS],
  must: 'unprofitable',
  world: { verifiers: verifiersOf(9, 9, 20 * CREDIT) },
  unguarded: [{ file: 'verdict.ts', find: 'mulDivFloor(own,', put: 'mulDivFloor(amount,' }],
  plot(world) {
    world.accept(DAN, 'STAKE', { amount: 720 * CREDIT });
    for (const key of VERIFIERS) {
      const body = { delegator: DAN.did, delegate: key.did, amount: 80 * CREDIT };
      world.accept(key, 'DELEGATE', body);
      world.accept(DAN, 'DELEGATE', body);
    }
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const [seat] = story.seats(story.jury);
    if (seat === undefined) throw new Error('a jury has seats');
    const votes = [story.vote(seat, 'pass'), story.vote(seat, 'fail')] as const;
    story.certify(story.votes('pass'));
    if (!accuse(world, BYSTANDER, story.commit.id, equivocation(...votes)).upheld)
      throw new Error('two votes of one seat are proven');
  },
} satisfies Attack;
