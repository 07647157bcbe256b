import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, CREDIT, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** One organisation stakes a thousand times what others have, to be in every committee with more than one seat. */
export default {
  attackers: [agent('v0')],
  must: 'impossible',
  world: {
    verifiers: verifiersOf(12, 12).map((one, index) => (index === 0 ? { ...one, stake: 300_000 * CREDIT } : one)),
  },
  plot(world) {
    const whale = world.state.members.get(agent('v0').did)?.entity;
    let [seats, committees] = [0, 0];
    for (let round = 0; round < 6; round += 1) {
      const story = new Story(world).hire([ADA]).deliver().toJudging();
      const own = story.jury.seats.filter(({ entity }) => entity === whale).length;
      if (own > 1) throw new Error('the whale holds two seats');
      [seats, committees] = [seats + own, committees + 1];
      story.judge('pass').settle();
    }
    if (seats > committees) throw new Error('more seats than committees');
  },
} satisfies Attack;
