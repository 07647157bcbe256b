import { SEAT_FEE, Story } from '../../support/story.ts';
import { CREDIT, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A requester takes the sponsored trial that it posted, so that the fund pays it for what it asked for itself. */
export default {
  attackers: [REQUESTER],
  must: 'impossible',
  world: { params: { trialFund: 10 * CREDIT } },
  unguarded: [{ file: 'trials.ts', find: 'identity !== identityOf(state, requester) && ', put: '' }],
  plot(world) {
    const story = new Story(world, { trial: 'sponsored', priceCap: 4 * SEAT_FEE });
    story.hire([REQUESTER], SEAT_FEE);
    if (story.need.lease !== null) throw new Error('a requester works on its own trial');
    story.settle(1000);
  },
} satisfies Attack;
