import { ADA } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Entries that are refused fill the log: each of them costs what it takes there. */
export default {
  attackers: [ADA],
  must: 'unprofitable',
  unguarded: [
    { file: 'log-fees.ts', find: 'tickExcess(state, entry, due) : due);', put: 'tickExcess(state, entry, due) : 0);' },
  ],
  plot(world) {
    const { position, params } = world.state;
    const before = world.free(ADA);
    for (let times = 0; times < 50; times += 1)
      world.refuse('authority_only', ADA, 'MINT', { to: ADA.did, amount: 1, create: false });
    if (world.state.position !== position + 50) throw new Error('a refused entry takes a position');
    const bytes = world.entries.slice(-50).reduce((sum, entry) => sum + entry.bytes.length, 0);
    const due = 50 * params.logFeeBase + bytes * params.logFeePerByte;
    if (before - world.free(ADA) !== due)
      throw new Error(`50 refused entries cost ${before - world.free(ADA)}, not ${due}`);
  },
} satisfies Attack;
