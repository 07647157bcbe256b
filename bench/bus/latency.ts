import { sodiumCrypto } from '@canswarm/local';
import { cidOf, utf8 } from '@canswarm/protocol';
import { Swarm } from '../../test/world/bus/swarm.ts';
import { figure, median, percentile } from '../measure.ts';
import type { Metrics } from '../metrics.ts';

const PEERS = 5;
const RATES = [50, 500, 2_000] as const;
const SECONDS = 6;
/** What warms up code before anything is measured: at 50 a second that would take minutes. */
const WARM_UP_RATE = 500;
const ROUNDS = 3;
/** What a node gathers for, and with how many keys it speaks. */
const GATHER_MS = 5;
const KEYS = 3;
/** About what one signed envelope takes. */
const LENGTH = 420;

const network = cidOf(utf8('the bus under test'), 'raw', sodiumCrypto().sha256);

/** Publish-to-all p99 of ours over that of gossipsub alone, by rate, in turns. */
export async function latencyBench(say: (line: string) => void): Promise<Metrics> {
  const shared = { peers: PEERS, network, keys: KEYS, gatherMs: GATHER_MS, length: LENGTH };
  const ours = await Swarm.start({ ...shared, kind: 'node' });
  const bare = await Swarm.start({ ...shared, kind: 'bare' });
  const metrics: Metrics = {};
  try {
    for (const swarm of [ours, bare]) await swarm.publish(WARM_UP_RATE, 2 * SECONDS);
    for (const rate of RATES) {
      const seen = { ours: [] as number[], bare: [] as number[] };
      for (let round = 0; round <= ROUNDS; round += 1) {
        for (const [name, swarm] of [['ours', ours] as const, ['bare', bare] as const]) {
          const { latencies, said, delivered } = await swarm.publish(rate, SECONDS);
          const p99 = percentile(latencies, 0.99);
          say(
            `bus: ${rate}/s ${name}: p50 ${figure(percentile(latencies, 0.5))} ms, p99 ${figure(p99)} ms, ${delivered} of ${said}`,
          );
          // The first round warms up.
          if (round > 0) seen[name].push(p99);
        }
      }
      metrics[`bus.p99Ms.${rate}`] = figure(median(seen.ours));
      metrics[`bus.p99BareMs.${rate}`] = figure(median(seen.bare));
      metrics[`bus.p99RatioToBare.${rate}`] = figure(median(seen.ours) / median(seen.bare));
    }
  } finally {
    await Promise.all([ours.close(), bare.close()]);
  }
  return metrics;
}

const FLOOD_RATES = [5_000, 6_000, 7_500, 10_000, 15_000, 20_000] as const;
const FLOOD_SECONDS = 5;
/** Under load drafts wait for each other anyway; larger batches are cheaper. */
const FLOOD_GATHER_MS = 50;
const DELIVERED_LEAST = 0.999;

/** The highest rate, of those tried, at which everything said reaches all while it is said. */
export async function sustainedBench(say: (line: string) => void): Promise<Metrics> {
  const swarm = await Swarm.start({
    kind: 'node',
    peers: PEERS,
    network,
    keys: KEYS,
    gatherMs: FLOOD_GATHER_MS,
    length: 0,
  });
  let sustained = 0;
  try {
    await swarm.publish(2_000, 2);
    for (const rate of FLOOD_RATES) {
      const { said, delivered, perSecond, latencies } = await swarm.publish(rate, FLOOD_SECONDS);
      say(
        `bus: ${rate}/s offered, ${figure(perSecond)}/s delivered to all, p99 ${figure(percentile(latencies, 0.99))} ms, ${delivered} of ${said}`,
      );
      if (delivered < said * DELIVERED_LEAST || perSecond < rate * 0.85) break;
      sustained = Math.max(sustained, perSecond);
    }
  } finally {
    await swarm.close();
  }
  return { 'bus.sustainedPerSecond': figure(sustained) };
}
