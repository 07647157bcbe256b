import { accuse, equivocation } from '../../support/accusation.ts';
import { Story, who } from '../../support/story.ts';
import { ADA, BYSTANDER, CREDIT, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const ALL = verifiersOf(9, 9);

/** A plan seat votes for two winners, and an accomplice takes the challenger's share for proving it. */
export default {
  attackers: [BYSTANDER, ...ALL.map((verifier) => verifier.who)],
  must: 'unprofitable',
  world: { verifiers: ALL },
  plot(world) {
    const story = new Story(world).toPlanVotes();
    const [seat] = story.need.planSat;
    if (seat === undefined) throw new Error('a plan has seats');
    const key = who(seat.did);
    const bid = story.bid(ADA, CREDIT);
    const pair = [story.planVote(key, bid.id, [bid.id]), story.planVote(key, null, [])] as const;
    if (!accuse(world, BYSTANDER, story.id, equivocation(...pair)).upheld) throw new Error('two votes are no fault');
    story.settle();
  },
} satisfies Attack;
