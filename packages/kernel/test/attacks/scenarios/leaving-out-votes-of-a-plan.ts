import { Story } from '../../support/story.ts';
import { ADA, REQUESTER, type World } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A requester shows K votes for the bid that it hires, and leaves out the others to save their fees. */
export default {
  attackers: [REQUESTER],
  must: 'impossible',
  unguarded: [{ file: 'rules/decide.ts', find: 'committee.n - dids.length', put: 'committee.n - committee.n' }],
  plot(world) {
    const [all, few] = [feesLeft(world, Number.POSITIVE_INFINITY), feesLeft(world, null)];
    if (few > all) throw new Error(`leaving out votes saves ${few - all}`);
  },
} satisfies Attack;

/** What is left for seats once a plan is chosen by so many votes; null: by K. */
function feesLeft(world: World, votes: number | null): number {
  const story = new Story(world).toPlanVotes();
  const bid = story.bid(ADA, 4_000_000);
  const seats = story.seats(story.plan).slice(0, votes ?? story.plan.k);
  if (!story.decide([...story.planVotes([bid], seats), bid]).outcome.accepted) throw new Error('DECIDE is refused');
  const left = story.need.feePool;
  story.deliver().judge('pass').settle();
  return left;
}
