import { DIVISION, Story } from '../../support/story.ts';
import { ADA, BOB, BYSTANDER, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Who does the first task of a plan is done just before the deadline, so that the next worker loses a bond for what it cannot begin. */
export default {
  attackers: [ADA],
  must: 'impossible',
  unguarded: [{ file: 'need-life.ts', find: 'need.deadlineAt - state.time < leaseMs(state, need)', put: 'false' }],
  plot(world) {
    const story = new Story(world, { plan: DIVISION, deadlineMs: 12_000 }).toPlanVotes();
    const tasks = [
      { task: 'find', worker: ADA, price: CREDIT },
      { task: 'main', worker: BOB, price: CREDIT, after: ['find'] },
    ];
    story.divide([story.dividedBid(BYSTANDER, tasks)]);
    const before = world.free(BOB);
    story.task('find').deliver().judge('pass').toWindowEnd().finalize();
    story.settle();
    if (world.free(BOB) < before) throw new Error('the next worker paid for the delay');
  },
} satisfies Attack;
