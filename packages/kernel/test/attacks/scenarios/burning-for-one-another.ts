import { identityOf, pointsOf } from '../../../src/reputation.ts';
import { Story } from '../../support/story.ts';
import { ADA, BOB, BYSTANDER, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Several owners hire one key in turn, so that no pair meets again, to have it stand well for what nobody needed. */
export default {
  attackers: [REQUESTER, BOB, BYSTANDER, ADA],
  must: 'unprofitable',
  unguarded: [
    {
      file: 'reputation.ts',
      find: 'const amount = halved(Math.floor(burnOf(state.params, bid).all / 2), before);',
      put: 'const amount = halved(3 * burnOf(state.params, bid).all, before);',
    },
  ],
  plot(world) {
    for (const owner of [REQUESTER, BOB, BYSTANDER]) {
      new Story(world, {}, owner).hire([ADA]).deliver().judge('pass').settle();
    }
    const burned = world
      .events('posting')
      .filter(({ code }) => code === 'reputation_burned')
      .reduce((sum, { amount }) => sum + amount, 0);
    const earned = pointsOf(world.state, 'work/documents', identityOf(world.state, ADA.did));
    if (earned === 0) throw new Error('the plot failed: nothing was settled');
    if (2 * earned > burned) throw new Error(`${earned} points cost ${burned}`);
  },
} satisfies Attack;
