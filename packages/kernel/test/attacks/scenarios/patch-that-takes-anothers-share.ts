import { DIVISION, Story } from '../../support/story.ts';
import { ADA, BOB, CREDIT, CYD, DAN } from '../../world.ts';
import type { Attack } from '../attack.ts';

/**
 * A planner copies the winner's tasks with the worker's acceptance of the winner, or changes one of them, so as to get the planner's
 * share or the task.
 */
export default {
  attackers: [DAN],
  must: 'unprofitable',
  plot(world) {
    const story = new Story(world, { plan: DIVISION }).toPlanVotes();
    const find = { task: 'find', worker: ADA, price: CREDIT };
    const main = { task: 'main', worker: BOB, price: CREDIT, after: ['find'] };
    const best = story.dividedBid(CYD, [find, main], { share: 5 });
    const { payload } = best.bid;
    if (payload.verb !== 'PROPOSE') throw new Error('a bid is a PROPOSE');
    const stolen = world.gossip(DAN, 'PROPOSE', { ...payload.body, price: payload.body.price - 1, planner: DAN.did });
    const { outcome } = story.decide([...story.planVotes([stolen]), stolen, ...best.shown]);
    if (outcome.accepted || outcome.code !== 'bid_unfit') throw new Error('the acceptance of another counts');
    const bent = story.dividedBid(DAN, [{ ...find, part: 1 }, main], { share: CREDIT });
    story.divide([best, bent]);
    if (story.need.plan?.planner !== CYD.did) throw new Error('another plans');
    for (const name of ['find', 'main']) story.task(name).deliver().judge('pass').toWindowEnd().finalize();
    story.settle();
  },
} satisfies Attack;
