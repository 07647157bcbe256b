import { sodiumCrypto, systemClock, systemRandom } from '@canswarm/local';
import { openEtcdLog } from '@canswarm/log-etcd';
import { inlineRunner, memoryContent, memoryHub, memoryMeter, memoryStore } from '@canswarm/memory';
import type { DecisionLog } from '@canswarm/ports';
import { presetParams } from '@canswarm/protocol';
import { publishQuoteTask, quoteSkill } from '@canswarm/simulator';
import { type CastMember, createNetwork } from 'canswarm';
import { figure, percentile } from '../measure.ts';
import type { Metrics } from '../metrics.ts';
import { HOSTS, numberedNeed, wealthyCast } from '../spine/world.ts';
import { withCluster } from './cluster.ts';

const NEEDS = 40;
const VERIFIERS = 50;
const LATENCY = { min: 0, max: 1 };

/** From the entry that closed bidding to DECIDE, with 50 verifiers on five nodes, each with its own way to three members. */
export function decideBench(say: (line: string) => void): Promise<Metrics> {
  return withCluster(async (endpoints) => {
    const open = (): Promise<DecisionLog> => openEtcdLog({ endpoints, prefix: 'bench/decide' });
    const logs = await Promise.all(Array.from({ length: HOSTS }, open));
    try {
      const decided = await decisions(logs);
      const [p50, p95] = [percentile(decided, 0.5), percentile(decided, 0.95)];
      say(`etcd: decide p50 ${figure(p50)} ms, p95 ${figure(p95)} ms over ${decided.length} needs`);
      return { 'decide.p50Ms': figure(p50), 'decide.p95Ms': figure(p95) };
    } finally {
      await Promise.all(logs.map((log) => log.close()));
    }
  });
}

/** Milliseconds of each need. */
async function decisions(logs: readonly DecisionLog[]): Promise<readonly number[]> {
  const crypto = sodiumCrypto();
  const [clock, random] = [systemClock(), systemRandom()];
  const hub = memoryHub({ clock, random, latencyMs: LATENCY });
  const content = memoryContent(crypto.sha256);
  const { sha256 } = crypto;
  const runner = inlineRunner({ module: quoteSkill, content, clock, random, sha256, durationMs: LATENCY });
  const left = [...logs];
  const nodeOf = (name: string) => {
    const log = left.pop();
    if (log === undefined) throw new Error(`no log is left for ${name}`);
    const transport = hub.endpoint(name);
    return { clock, log, content, runner, transport, store: memoryStore(), meter: memoryMeter() };
  };
  const network = createNetwork({
    name: 'decide',
    params: presetParams('dev'),
    cast: castOf(VERIFIERS),
    chainLength: 4_096,
    gatherMs: 0,
    hosts: logs.length,
    ports: { clock, random, crypto, node: nodeOf },
  });
  const requester = network.person('requester');
  const closed = new Map<string, number>();
  const decided: number[] = [];
  let next = Promise.withResolvers<void>();
  requester.node.listen({
    onApplied: ({ events }) => {
      for (const event of events) {
        if (event.type === 'bidding_closed') closed.set(event.need, performance.now());
        if (event.type !== 'need_decided') continue;
        decided.push(performance.now() - (closed.get(event.need) ?? Number.NaN));
        next.resolve();
      }
    },
  });
  network.start();
  const task = await publishQuoteTask('The quick brown fox jumps over the lazy dog.', content, sha256);
  for (let index = 0; index < NEEDS; index += 1) {
    next = Promise.withResolvers();
    await requester.node.postNeed(requester.did, numberedNeed(task, index));
    await next.promise;
  }
  await network.stop();
  return decided;
}

/** The cast with as many verifiers, each further one of an organisation and network of its own. */
function castOf(count: number): readonly CastMember[] {
  const cast = wealthyCast();
  const verifiers = cast.filter(({ verifier }) => verifier);
  const more = Array.from({ length: count - verifiers.length }, (_, i): CastMember[] => {
    const model = verifiers[i % verifiers.length];
    return model === undefined ? [] : [{ ...model, name: `more-${i}`, org: `more-${i}`, asn: 10_000 + i }];
  });
  return [...cast, ...more.flat()];
}
