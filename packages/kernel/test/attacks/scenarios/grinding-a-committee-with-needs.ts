import { Story } from '../../support/story.ts';
import { REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A requester posts a need and takes it back until the drawn plan committee suits it: each try costs its places in the log. */
export default {
  attackers: [REQUESTER],
  must: 'unprofitable',
  unguarded: [
    {
      file: 'log-fees.ts',
      find: '  logFeeBase + logFeePerByte * bytes;',
      put: '  0 * (logFeeBase + logFeePerByte * bytes);',
    },
  ],
  plot(world) {
    const drawn = new Set<string>();
    for (let times = 0; times < 8; times += 1) {
      const before = world.free(REQUESTER);
      const story = new Story(world, { goal: `try ${times}` }).toPlanVotes();
      drawn.add(story.plan.seats.map(({ did }) => did).join());
      world.accept(REQUESTER, 'CANCEL', { need: story.id });
      if (world.free(REQUESTER) >= before) throw new Error('another draw is free');
    }
    if (drawn.size < 8) throw new Error('the same committee is drawn again');
  },
} satisfies Attack;
