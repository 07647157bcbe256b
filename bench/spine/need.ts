import { sodiumCrypto } from '@canswarm/local';
import { utf8 } from '@canswarm/protocol';
import { figure, median, seconds } from '../measure.ts';
import type { Metrics } from '../metrics.ts';
import { HOSTS, runNeeds } from './world.ts';

const LOAD = { everyMs: 4, warmUp: 300, measured: 600, drain: false } as const;
/** Signatures of a need that cannot be batched away: five entries' senders, three votes twice, two bids. */
const SIGNATURES = 13;

/** Needs from post to final under a steady load, by five nodes in one thread that each verify, store and apply everything. */
export async function needBench(say: (line: string) => void): Promise<Metrics> {
  const load = await runNeeds(LOAD);
  say(`  ${load.final} needs final, ${load.entriesMeasured} entries, ${figure(load.seconds)} s of work`);
  const crypto = sodiumCrypto();
  const seed = crypto.sha256(utf8('need'));
  const message = utf8('message');
  const signature = crypto.sign(seed, message);
  const key = crypto.publicKey(seed);
  const checks =
    median(
      Array.from({ length: 5 }, () =>
        seconds(() => {
          for (let index = 0; index < 2_000; index += 1) crypto.verify(key, message, signature);
        }),
      ),
    ) / 2_000;
  const perSecond = load.final / load.seconds;
  // The limit without batches: every node checks every signature once and does nothing else.
  const limit = 1 / (checks * SIGNATURES * HOSTS);
  return {
    'need.finalizedPerSecond': figure(perSecond),
    'need.entriesPerNeed': figure(load.entriesMeasured / load.final),
    'need.finalizedPerSecond.limit': figure(limit),
    'need.finalizedPerSecond.ratioToLimit': figure(perSecond / limit),
  };
}
