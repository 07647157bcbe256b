import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Three verifiers report a time that is an hour ahead, to have leases expire. */
export default {
  attackers: [agent('v0'), agent('v1'), agent('v2')],
  must: 'impossible',
  plot(world) {
    const story = new Story(world).hire([ADA]);
    const liars = world.verifiers.slice(0, 3).map(({ who: key }) => key);
    const honest = world.verifiers.slice(3).map(({ who: key }) => key);
    world.now += 50;
    const envelopes = [
      ...liars.map((key) => world.report(key, { time: world.now + 3_600_000 })),
      ...honest.map((key) => world.report(key)),
    ];
    world.accept(honest[0] ?? ADA, 'TICK', {}, { envelopes });
    if (world.state.time > world.now) throw new Error('a minority moved the time');
    if (story.need.lease === null) throw new Error('the lease expired');
  },
} satisfies Attack;
