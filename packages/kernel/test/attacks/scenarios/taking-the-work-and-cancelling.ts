import { Story } from '../../support/story.ts';
import { ADA, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A requester cancels once the result is there. */
export default {
  attackers: [REQUESTER],
  must: 'impossible',
  plot(world) {
    const story = new Story(world).hire([ADA]);
    world.refuse('work_pending', REQUESTER, 'CANCEL', { need: story.id });
    story.deliver();
    world.refuse('work_pending', REQUESTER, 'CANCEL', { need: story.id });
    story.judge('pass');
    world.refuse('work_pending', REQUESTER, 'CANCEL', { need: story.id });
    story.settle();
    if (world.events('finalized').length !== 1) throw new Error('the worker was not paid');
  },
} satisfies Attack;
