import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Who decides for a need shows much that nobody asked for, so that the requester pays for it. */
export default {
  attackers: [BYSTANDER],
  must: 'unprofitable',
  unguarded: [
    { file: 'log-fees.ts', find: 'Math.min(entry.bytes.length, state.params.logDutyBytes)', put: 'entry.bytes.length' },
  ],
  plot(world) {
    const story = new Story(world).toPlanVotes();
    const bid = story.bid(ADA, 4_000_000);
    const { logFeeBase, logFeePerByte, logDutyBytes } = world.state.params;
    const noise = Array.from({ length: 60 }, (_, index) => story.bid(BYSTANDER, 5_000_000 + index));
    const [held, free] = [story.need.logPool, world.free(BYSTANDER)];
    const requester = world.free(REQUESTER);
    const { outcome } = story.decide([...story.planVotes([bid]), bid, ...noise], BYSTANDER);
    if (!outcome.accepted) throw new Error(outcome.code);
    const bytes = world.entries.at(-1)?.bytes.length ?? 0;
    const most = logFeeBase + logFeePerByte * logDutyBytes;
    if (bytes <= logDutyBytes) throw new Error('the padding is too small to tell');
    if (held - story.need.logPool !== most) throw new Error(`the need paid ${held - story.need.logPool}, not ${most}`);
    const own = logFeePerByte * (bytes - logDutyBytes);
    if (free - world.free(BYSTANDER) !== own)
      throw new Error(`padding cost its sender ${free - world.free(BYSTANDER)}`);
    if (world.free(REQUESTER) !== requester) throw new Error('the requester pays beyond its escrow');
    story.deliver().judge('pass').settle();
  },
} satisfies Attack;
