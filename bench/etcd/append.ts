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
/** Operations of one level of a transaction that etcd allows, and some. */
const CHUNK = 100;
const PATIENCE = { withinMs: 30_000 };

interface Rates {
  /** Single appends of a lane, which share transactions. */
  readonly log: number;
  /** etcd alone, as many puts in a transaction as the log had entries. */
  readonly bare: number;
  /** etcd alone, the entries of a turn of a lane in a transaction. */
  readonly bareTurns: number;
  readonly entriesPerTransaction: number;
}

/**
 * Entries a second that are durable on most of three members: single appends, over etcd alone told to put the same bytes in transactions
 * of as many.
 */
export function appendBench(say: (line: string) => void): Promise<Metrics> {
  return withCluster(async (endpoints) => {
    const log = await openEtcdLog({ endpoints, prefix: 'bench/log' });
    const client = new EtcdClient({ endpoints });
    try {
      const seen: Rates[] = [];
      for (let round = 0; round <= ROUNDS; round += 1) {
        const rates = await measure(log, client);
        // The first round warms up.
        if (round > 0) seen.push(rates);
      }
      const of = (name: keyof Rates): number => median(seen.map((rates) => rates[name]));
      const [ours, bare, turns, each] = [of('log'), of('bare'), of('bareTurns'), of('entriesPerTransaction')];
      say(`etcd: ${figure(ours)} entries/s through the log, ${figure(each)} in a transaction`);
      say(`etcd: alone ${figure(bare)} puts/s with as many in a transaction, ${figure(turns)} with ${GROUP}`);
      return {
        'append.perSecond': figure(ours),
        'append.entriesPerTransaction': figure(each),
        'append.ratioToBare': figure(ours / bare),
        [`append.ratioToBareOf${GROUP}`]: figure(ours / turns),
      };
    } finally {
      await log.close();
      client.close();
    }
  });
}

async function measure(log: DecisionLog, client: EtcdClient): Promise<Rates> {
  const before = await revisionOf(client);
  const ours = await inLanes(TURNS, GROUP, (entries) => Promise.all(entries.map((entry) => log.append('s', [entry]))));
  const transactions = (await revisionOf(client)) - before;
  const entriesPerTransaction = (LANES * TURNS * GROUP) / transactions;
  const group = Math.round(entriesPerTransaction);
  const turns = Math.ceil((TURNS * GROUP) / group);
  const bare = await inLanes(turns, group, (entries) => putAll(client, entries));
  const bareTurns = await inLanes(TURNS, GROUP, (entries) => putAll(client, entries));
  return { log: ours, bare, bareTurns, entriesPerTransaction };
}

/** Every transaction that writes makes one; the log also writes that a page is full, now and then. */
const revisionOf = async (client: EtcdClient): Promise<number> =>
  (await client.range({ key: Buffer.from('bench'), keysOnly: true }, PATIENCE)).revision;

/** Several lanes at once, each one turn after another; entries a second. */
async function inLanes(
  turns: number,
  group: number,
  turn: (entries: readonly Uint8Array[]) => Promise<unknown>,
): Promise<number> {
  const entriesOf = (): readonly Uint8Array[] =>
    Array.from({ length: group }, () => randomFillSync(new Uint8Array(ENTRY_BYTES)));
  const lanes = Array.from({ length: LANES }, () => Array.from({ length: turns }, entriesOf));
  const start = performance.now();
  await Promise.all(
    lanes.map(async (all) => {
      for (const entries of all) await turn(entries);
    }),
  );
  return (LANES * turns * group * 1_000) / (performance.now() - start);
}

/** The same bytes under keys as long as a hash, all in one transaction without a condition. */
function putAll(client: EtcdClient, entries: readonly Uint8Array[]): Promise<unknown> {
  const puts = entries.map((value) => ({ put: { key: randomFillSync(new Uint8Array(KEY_BYTES)), value } }));
  const chunks = Array.from({ length: Math.ceil(puts.length / CHUNK) }, (_, i) => ({
    txn: { compare: [], success: puts.slice(i * CHUNK, (i + 1) * CHUNK), failure: [] },
  }));
  return client.txn({ compare: [], success: puts.length > CHUNK ? chunks : puts, failure: [] }, PATIENCE);
}
