import { agent } from '../../support/keys.ts';
import type { Attack } from '../attack.ts';

const VERIFIER = agent('v0');

/** A verifier sends TICKs that move nothing: one is free until time moves, so that an honest race costs nothing. */
export default {
  attackers: [VERIFIER],
  must: 'unprofitable',
  unguarded: [{ file: 'log-fees.ts', find: '|| state.lateTicks.has(from)', put: '' }],
  plot(world) {
    const before = world.free(VERIFIER);
    const empty = (): void => world.refuse('tick_empty', VERIFIER, 'TICK', {}, { envelopes: [] });
    empty();
    if (world.free(VERIFIER) !== before) throw new Error('a TICK that came too late costs');
    for (let times = 0; times < 10; times += 1) {
      const held = world.free(VERIFIER);
      empty();
      if (world.free(VERIFIER) >= held) throw new Error('TICKs that move nothing are free');
    }
    const spent = world.free(VERIFIER);
    world.tick(50);
    empty();
    if (world.free(VERIFIER) !== spent) throw new Error('once time moved, a race is a new one');
  },
} satisfies Attack;
