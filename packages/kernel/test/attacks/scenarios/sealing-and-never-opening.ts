import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Seats seal whatever, look at what the others open, and open nothing. */
export default {
  attackers: [agent('v0'), agent('v1'), agent('v2'), agent('v3')],
  must: 'unprofitable',
  world: { verifiers: verifiersOf(13, 13) },
  plot(world) {
    const bad = ['v0', 'v1', 'v2', 'v3'].map((name) => agent(name).did);
    const story = new Story(world, { tier: 6 }).hire([ADA]).deliver();
    for (let ballot = 0; ballot < 4 && !story.settled && story.commit.verdict === null; ballot += 1) {
      story.toJudging();
      const votes = story.votes('pass');
      story.certify(votes.map((vote) => story.sealOf(vote)));
      const opened = votes.filter(({ payload }) => !bad.includes(payload.from));
      world.tick(500);
      story.certify(opened);
      world.tick(550);
    }
    story.settle();
  },
} satisfies Attack;
