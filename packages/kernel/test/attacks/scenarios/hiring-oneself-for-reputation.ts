import { identityOf, pointsOf } from '../../../src/reputation.ts';
import { Story } from '../../support/story.ts';
import { ADA, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** One owner posts needs with one key and works on them with another, to stand well. */
export default {
  attackers: [REQUESTER, ADA],
  must: 'unprofitable',
  plot(world) {
    for (let again = 0; again < 5; again += 1) new Story(world).hire([ADA]).deliver().judge('pass').settle();
    const burned = world.events('posting').filter(({ code }) => code === 'reputation_burned');
    const first = burned[0]?.amount ?? 0;
    const earned = pointsOf(world.state, 'work/documents', identityOf(world.state, ADA.did));
    if (burned.length !== 5 || earned === 0) throw new Error('the plot failed: nothing was settled');
    if (earned >= first) throw new Error(`five needs between two keys earn ${earned}, the first burned ${first}`);
  },
} satisfies Attack;
