import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { BOB, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

const NEW = agent('stranger');

/** A key wins a trial, lets the lease run out, and bids on the next: a trial has no bond to lose. */
export default {
  attackers: [NEW],
  must: 'impossible',
  unguarded: [{ file: 'need-life.ts', find: '    failTrial(context, need, holder);\n', put: '' }],
  plot(world) {
    const trial = { trial: 'funded', priceCap: CREDIT } as const;
    const left = new Story(world, trial).hire([NEW], CREDIT / 2);
    world.tickUntil(() => left.need.phase === 'ready', 500, 100);
    const next = new Story(world, trial).hire([NEW, BOB], CREDIT / 2);
    if (next.lease.bid.worker === NEW.did) throw new Error('who left a trial holds the next');
    next.deliver().judge('pass').settle();
    left.settle(1000);
  },
} satisfies Attack;
