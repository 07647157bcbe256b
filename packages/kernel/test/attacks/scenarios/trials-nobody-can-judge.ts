import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

const NEW = agent('stranger');

/** A key wins a trial and withholds what it delivers, so that no seat can tell: the worker's share of what is undecidable, without a bond. */
export default {
  attackers: [NEW],
  must: 'unprofitable',
  unguarded: [
    {
      file: 'verdict.ts',
      find: 'need.body.trial === null ? state.params.undecidablePayBps : 0',
      put: 'state.params.undecidablePayBps',
    },
  ],
  plot(world) {
    const story = new Story(world, { trial: 'funded', priceCap: CREDIT }).hire([NEW], CREDIT / 2);
    story.deliver().judge('undecidable').settle();
  },
} satisfies Attack;
