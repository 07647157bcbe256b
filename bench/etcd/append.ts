import { randomFillSync } from 'node:crypto';
import { EtcdClient, openEtcdLog } from '@canswarm/log-etcd';
import type { DecisionLog } from '@canswarm/ports';
import { figure, median } from '../measure.ts';
import type { Metrics } from '../metrics.ts';
import { withCluster } from './cluster.ts';

const ROUNDS = 5;
const TURNS = 20;
/** Entries of one turn, each appended on its own, and turns under way at once. */
const GROUP = 64;
const LANES = 3;
const ENTRY_BYTES = 700;
const KEY_BYTES = 32;
const PATIENCE = { withinMs: 30_000 };

/** Entries a second that are durable on most of three members: single appends, over etcd alone told to put them in batches. */
export function appendBench(say: (line: string) => void): Promise<Metrics> {
  return withCluster(async (endpoints) => {
    const log = await openEtcdLog({ endpoints, prefix: 'bench/log' });
    const client = new EtcdClient({ endpoints });
    try {
      const seen = { log: [] as number[], bare: [] as number[] };
      for (let round = 0; round <= ROUNDS; round += 1) {
        const rates = {
          log: await inLanes((entries) => throughLog(log, entries)),
          bare: await inLanes((entries) => throughPuts(client, entries)),
        };
        // The first round warms up.
        if (round > 0) for (const name of ['log', 'bare'] as const) seen[name].push(rates[name]);
      }
      const [ours, theirs] = [median(seen.log), median(seen.bare)];
      say(`etcd: ${figure(ours)} entries/s through the log, ${figure(theirs)} put by etcd alone`);
      return { 'append.perSecond': figure(ours), 'append.ratioToBare': figure(ours / theirs) };
    } finally {
      await log.close();
      client.close();
    }
  });
}

const entriesOf = (): readonly Uint8Array[] =>
  Array.from({ length: GROUP }, () => randomFillSync(new Uint8Array(ENTRY_BYTES)));

/** Several lanes at once, each one turn after another. */
async function inLanes(turn: (entries: readonly Uint8Array[]) => Promise<unknown>): Promise<number> {
  const lanes = Array.from({ length: LANES }, () => Array.from({ length: TURNS }, entriesOf));
  const start = performance.now();
  await Promise.all(
    lanes.map(async (turns) => {
      for (const entries of turns) await turn(entries);
    }),
  );
  return (LANES * TURNS * GROUP * 1_000) / (performance.now() - start);
}

const throughLog = (log: DecisionLog, entries: readonly Uint8Array[]): Promise<unknown> =>
  Promise.all(entries.map((entry) => log.append('s', [entry])));

/** The same bytes under keys as long as a hash, all of a turn in one transaction without a condition. */
const throughPuts = (client: EtcdClient, entries: readonly Uint8Array[]): Promise<unknown> => {
  const success = entries.map((value) => ({ put: { key: randomFillSync(new Uint8Array(KEY_BYTES)), value } }));
  return client.txn({ compare: [], success, failure: [] }, PATIENCE);
};
