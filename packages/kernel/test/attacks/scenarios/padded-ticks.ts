import { agent } from '../../support/keys.ts';
import type { Attack } from '../attack.ts';

const VERIFIER = agent('v5');

/** A verifier fills its free TICKs with reports that say nothing new. */
export default {
  attackers: [VERIFIER],
  must: 'unprofitable',
  unguarded: [
    { file: 'log-fees.ts', find: 'bytes.length - TICK_BYTES * (1 + reporters.size)', put: '0 * reporters.size' },
  ],
  plot(world) {
    const before = world.free(VERIFIER);
    world.tick(50, { by: VERIFIER });
    if (world.free(VERIFIER) !== before) throw new Error('a TICK costs its sender');
    world.now += 50;
    const reports = world.reporters.map((who) => world.report(who));
    const padding = Array.from({ length: 60 }, (_, index) => world.report(VERIFIER, { time: world.now - index }));
    world.accept(VERIFIER, 'TICK', {}, { envelopes: [...reports, ...padding] });
    const bytes = world.entries.at(-1)?.bytes.length ?? 0;
    const room = 1024 * (1 + reports.length);
    const due = (bytes - room) * world.state.params.logFeePerByte;
    if (due <= 0) throw new Error('the padding is too small to tell');
    if (before - world.free(VERIFIER) !== due)
      throw new Error(`padding of ${due} cost ${before - world.free(VERIFIER)}`);
  },
} satisfies Attack;
