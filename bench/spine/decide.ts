import { sodiumCrypto, systemClock, systemRandom } from '@canswarm/local';
import { inlineRunner, memoryContent, memoryHub, memoryLog, memoryMeter, memoryStore } from '@canswarm/memory';
import type { Clock, DecisionLog } from '@canswarm/ports';
import { presetParams, utf8 } from '@canswarm/protocol';
import { publishQuoteTask, quoteSkill } from '@canswarm/simulator';
import { createNetwork } from 'canswarm';
import { figure, percentile } from '../measure.ts';
import type { Metrics } from '../metrics.ts';
import { HOSTS, numberedNeed, wealthyCast } from './world.ts';

const NEEDS = 60;
const LATENCY = { min: 0, max: 1 };

/** From the entry that closed bidding to DECIDE, over a bare round trip: one message and back, one entry through the log. */
export async function decideBench(say: (line: string) => void): Promise<Metrics> {
  const crypto = sodiumCrypto();
  const { sha256 } = crypto;
  const clock = systemClock();
  const random = systemRandom();
  const hub = memoryHub({ clock, random, latencyMs: LATENCY });
  const log = memoryLog({ clock, random, sha256, latencyMs: LATENCY });
  const content = memoryContent(sha256);
  const runner = inlineRunner({ module: quoteSkill, content, clock, random, sha256, durationMs: LATENCY });
  const network = createNetwork({
    name: 'decide',
    params: presetParams('dev'),
    cast: wealthyCast(),
    chainLength: 4_096,
    gatherMs: 0,
    hosts: HOSTS,
    ports: {
      clock,
      random,
      crypto,
      node: (name) => ({
        clock,
        log,
        content,
        runner,
        transport: hub.endpoint(name),
        store: memoryStore(),
        meter: memoryMeter(),
      }),
    },
  });
  const bare = await roundTrips(clock, log, hub, NEEDS);
  const requester = network.person('requester');
  const closed = new Map<string, number>();
  const decided: number[] = [];
  let settled = (): void => undefined;
  requester.node.listen({
    onApplied: ({ events }) => {
      for (const event of events) {
        if (event.type === 'bidding_closed') closed.set(event.need, performance.now());
        if (event.type === 'need_decided') {
          decided.push(performance.now() - (closed.get(event.need) ?? Number.NaN));
          settled();
        }
      }
    },
  });
  network.start();
  const task = await publishQuoteTask('The quick brown fox jumps over the lazy dog.', content, sha256);
  for (let index = 0; index < NEEDS; index += 1) {
    const done = new Promise<void>((resolve) => {
      settled = resolve;
    });
    await requester.node.postNeed(requester.did, numberedNeed(task, index));
    await done;
  }
  await network.stop();
  const [p50, p99] = [percentile(decided, 0.5), percentile(decided, 0.99)];
  const bareP99 = percentile(bare, 0.99);
  say(`  bare round trip p99 ${figure(bareP99)} ms, decide p50 ${figure(p50)} ms, p99 ${figure(p99)} ms`);
  return {
    'need.decideP50Ms': figure(p50),
    'need.decideP99Ms': figure(p99),
    'need.bareRoundTripP99Ms': figure(bareP99),
    'need.decideP99Ratio': figure(p99 / bareP99),
    // The limit is the bare round trip itself: a ratio of 1.
    'need.decideP99Ratio.limit': 1,
  };
}

/** Publishes, hears the answer, appends an entry of that moment and waits until the log tells it. */
async function roundTrips(
  clock: Clock,
  log: DecisionLog,
  hub: ReturnType<typeof memoryHub>,
  count: number,
): Promise<number[]> {
  const [here, there] = [hub.endpoint('bare-1'), hub.endpoint('bare-2')];
  let heard = (): void => undefined;
  let told = (): void => undefined;
  there.subscribe('bare', (message) => {
    there.publish('bare-back', message);
    return 'accept';
  });
  here.subscribe('bare-back', () => {
    heard();
    return 'accept';
  });
  const following = log.follow('bare', 0, () => told());
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    const back = new Promise<void>((resolve) => {
      heard = resolve;
    });
    here.publish('bare', utf8(`message ${index} at ${clock.now()}`));
    await back;
    const entry = new Promise<void>((resolve) => {
      told = resolve;
    });
    await log.append('bare', [utf8(`entry ${index} at ${clock.now()}`)]);
    await entry;
    times.push(performance.now() - start);
  }
  await following.close();
  await here.close();
  await there.close();
  return times;
}
