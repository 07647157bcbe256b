import { DIVISION, Story } from '../../support/story.ts';
import { BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Whoever divides the work wins by prices for which nobody takes a task, so that the need comes to nothing. */
export default {
  attackers: [BYSTANDER],
  must: 'unprofitable',
  plot(world) {
    const story = new Story(world, { plan: DIVISION }).toPlanVotes();
    const starving = [
      { task: 'find', worker: null, price: 0 },
      { task: 'main', worker: null, price: 1, after: ['find'] },
    ];
    const before = world.free(BYSTANDER);
    story.divide([story.dividedBid(BYSTANDER, starving)]);
    story.settle(5000);
    if (world.free(BYSTANDER) >= before) throw new Error('to starve a task costs nothing');
  },
} satisfies Attack;
