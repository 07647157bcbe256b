import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, chainOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const VERIFIER = agent('v0');

/** A verifier joins again while a draw waits, with the one of many chains whose next value gives the seed it wants. */
export default {
  attackers: [VERIFIER],
  must: 'impossible',
  unguarded: [{ file: 'reports.ts', find: '|| member.joinedAt >= draw.position', put: '' }],
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver();
    const chain = chainOf(VERIFIER, 'chosen');
    world.accept(VERIFIER, 'JOIN', { tip: chain.tip, length: chain.length, credential: null });
    world.useChain(VERIFIER, chain);
    world.now += 50;
    const report = world.report(VERIFIER, { reveal: true });
    const reports = world.reporters.map((who) => world.report(who));
    world.accept(world.reporters[0] ?? VERIFIER, 'TICK', {}, { envelopes: [...reports, report] });
    const draw = world.state.pendingDraws.get(`result/${story.commit.id}`);
    if (draw === undefined || draw.reveals.size > 0)
      throw new Error('a chain that is younger than the draw counts for it');
    story.judge('pass').settle();
  },
} satisfies Attack;
