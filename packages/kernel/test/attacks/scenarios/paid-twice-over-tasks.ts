import { DIVISION, Story } from '../../support/story.ts';
import { ADA, BYSTANDER, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A worker finalizes its task again, and has it paid out of `main` or the second round as well. */
export default {
  attackers: [ADA, BYSTANDER],
  must: 'impossible',
  plot(world) {
    const story = new Story(world, { plan: DIVISION }).toPlanVotes();
    const find = { task: 'find', worker: ADA, price: CREDIT };
    story.divide([story.dividedBid(BYSTANDER, [find, { task: 'main', worker: ADA, price: CREDIT, after: ['find'] }])]);
    const task = story.task('find');
    task.deliver().judge('pass').toWindowEnd();
    const { id: commit } = task.commit;
    task.finalize();
    world.refuse('not_verified', ADA, 'FINALIZE', { commit });
    const held = task.need;
    if (held.pricePool !== 0 || held.status !== 'closed') throw new Error('a task that is done still pays');
    story.deliver().judge('undecidable');
    world.refuse('not_verified', ADA, 'FINALIZE', { commit });
    const paid = world.events('posting').filter(({ code, credit }) => code === 'price' && credit === `free/${ADA.did}`);
    if (paid.length !== 1) throw new Error(`the task is paid ${paid.length} times`);
    story.settle();
  },
} satisfies Attack;
