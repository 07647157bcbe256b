import { Story } from '../../support/story.ts';
import { ADA, BOB } from '../../world.ts';
import type { Attack } from '../attack.ts';

/**
 * A worker gathers reveals that verifiers made for another draw, and varies its COMMIT until they would draw a committee that suits it. They
 * must not count: whoever reveals for a draw has seen what asked for it.
 */
export default {
  attackers: [ADA],
  must: 'impossible',
  unguarded: [{ file: 'reports.ts', find: 'draw.position > seen ||', put: 'seen < 0 ||' }],
  plot(world) {
    const story = new Story(world).hire([ADA]);
    const other = new Story(world, { goal: 'another question' });
    world.now += 50;
    const known = world.reporters.map((who) => world.report(who, { reveal: true }));
    story.deliver();
    world.now += 50;
    world.accept(world.reporters[0] ?? BOB, 'TICK', {}, { envelopes: known });
    const seeds = story.jury.seeds.length;
    if (seeds > 0) throw new Error('reveals that were known before the COMMIT make its seed');
    if (other.plan.seeds.length === 0) throw new Error('the reveals were good for the draw that they were made for');
    story.judge('pass').settle();
    other.settle(1_000);
  },
} satisfies Attack;
