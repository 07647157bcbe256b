import {
  assertAppend,
  LOG_FOLLOW_MAX,
  type LogMark,
  type LogRecord,
  type MovableLog,
  type RecordsHandler,
  StorageError,
  type Subscription,
} from '@canswarm/ports';
import { GroupCommit } from '../append/group-commit.ts';
import type { ClientOptions } from '../client.ts';
import { type EtcdLogOptions, openEtcdLog } from '../etcd-log.ts';
import { KnownEntries } from '../known-entries.ts';
import { sha256 } from '../layout.ts';
import { bucketLayoutOf } from './bucket-layout.ts';
import { BUCKETS_MAX, bucketOf, CLUSTER_NAME, HOME } from './bucket-map.ts';
import { ContentReader, type Placed } from './content-reader.ts';
import { ContentWriter, RecentLease } from './content-writer.ts';
import { orderBytes, readOrder } from './order-record.ts';
import { Topology } from './topology.ts';

export interface BucketLogOptions extends EtcdLogOptions {
  /** In how many buckets the content of entries is spread, 2 to 256; the same for everybody who uses the log. */
  readonly buckets: number;
  /** Clusters beside the one that keeps the order, by name. */
  readonly clusters: Readonly<Record<string, ClientOptions>>;
  /** What an entry belongs to, such as its need: entries of one key are in one bucket. A function of the bytes alone; null: the first bucket. */
  readonly keyOf: (entry: Uint8Array) => Uint8Array | null;
}

const WAITING_BYTES = 64 * 1024 * 1024;
/** Readers go on by themselves: they only want to know soon. */
const READ_MS = 1_000;
/** Bytes of a batch for a handler. */
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Opens a log whose content is spread in buckets over clusters, and whose order is kept by one of them, home. Begins it where it is not there.
 * Rejects with an EtcdError; `topology` where the clusters are not those that the log's map names.
 */
export async function openBucketLog(options: BucketLogOptions): Promise<MovableLog> {
  const { buckets, clusters, patienceMs = 15_000 } = options;
  assertTopology(buckets, Object.keys(clusters));
  const order = await openEtcdLog(options);
  const topology = topologyOf(options);
  try {
    await topology.begin({ withinMs: patienceMs });
    return new BucketLog(order, topology, options);
  } catch (error) {
    topology.close();
    await order.close();
    throw error;
  }
}

export const topologyOf = ({ endpoints, tls, user, prefix, buckets, clusters }: BucketLogOptions): Topology => {
  const home = { endpoints, ...(tls === undefined ? {} : { tls }), ...(user === undefined ? {} : { user }) };
  return new Topology({ home, clusters, buckets, layout: bucketLayoutOf(prefix) });
};

function assertTopology(buckets: number, names: readonly string[]): void {
  if (!Number.isSafeInteger(buckets) || buckets < 2 || buckets > BUCKETS_MAX)
    throw new StorageError('invalid', `a log has 2 to ${BUCKETS_MAX} buckets, not ${buckets}`);
  const wrong = names.find((name) => name === HOME || !CLUSTER_NAME.test(name));
  if (wrong !== undefined) throw new StorageError('invalid', `"${wrong}" is no name for a further cluster`);
}

/** What a shard has open. */
interface Shard {
  readonly known: KnownEntries;
  readonly commits: Map<number, GroupCommit>;
}

/**
 * Content first, order second: an entry has a place only once its content is durable in the cluster of its bucket.
 *
 * Invariants: what stands in the order of an entry follows from its bytes; a record is handed over only with bytes that hash to what its place
 * names.
 */
class BucketLog implements MovableLog {
  readonly #order: MovableLog;
  readonly #topology: Topology;
  readonly #options: BucketLogOptions;
  readonly #recent: RecentLease;
  readonly #shards = new Map<string, Shard>();
  readonly #appends = new Set<Promise<void>>();
  #closed = false;

  constructor(order: MovableLog, topology: Topology, options: BucketLogOptions) {
    this.#order = order;
    this.#topology = topology;
    this.#options = options;
    this.#recent = new RecentLease(topology.home);
  }

  async append(shard: string, given: readonly Uint8Array[]): Promise<void> {
    this.#assertOpen();
    assertAppend(shard, given);
    const append = this.#append(
      shard,
      given.map((entry) => entry.slice()),
    );
    this.#appends.add(append);
    await append.finally(() => this.#appends.delete(append));
  }

  partOf(entry: Uint8Array): number {
    const { buckets, keyOf } = this.#options;
    return bucketOf(keyOf(entry), buckets);
  }

  follow(shard: string, after: number, onRecords: RecordsHandler): Subscription {
    this.#assertOpen();
    const { onTrouble = () => {} } = this.#options;
    const topology = this.#topology;
    const reader = new ContentReader({ topology, shard, patience: { withinMs: READ_MS }, onTrouble });
    let isOver = false;
    const subscription = this.#order.follow(shard, after, async (records) => {
      const placed = records.map(({ cursor, bytes }): Placed => ({ cursor, order: readOrder(bytes, cursor) }));
      for (const batch of batches(placed)) {
        const contents = await reader.read(batch, () => isOver || this.#closed);
        if (contents === null || isOver) return;
        await onRecords(batch.map(({ cursor }, i): LogRecord => ({ cursor, bytes: contents[i] ?? new Uint8Array(0) })));
      }
    });
    return {
      ended: subscription.ended,
      close: () => {
        isOver = true;
        return subscription.close();
      },
    };
  }

  head(shard: string): Promise<number> {
    return this.#order.head(shard);
  }

  mark(): Promise<LogMark> {
    return this.#order.mark();
  }

  setMark(mark: LogMark, was: LogMark): Promise<boolean> {
    return this.#order.setMark(mark, was);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#appends);
    await this.#order.close();
    this.#topology.close();
  }

  async #append(shard: string, entries: readonly Uint8Array[]): Promise<void> {
    const orders = entries.map((entry) => {
      return { bucket: this.partOf(entry), bytes: entry.length, hash: sha256(entry) };
    });
    const byBucket = new Map<number, Uint8Array[]>();
    for (const [i, { bucket }] of orders.entries()) {
      const entry = entries[i];
      if (entry !== undefined) byBucket.set(bucket, [...(byBucket.get(bucket) ?? []), entry]);
    }
    await Promise.all([...byBucket].map(([bucket, own]) => this.#commitOf(shard, bucket).append(own)));
    await this.#order.append(shard, orders.map(orderBytes));
  }

  #commitOf(name: string, bucket: number): GroupCommit {
    let shard = this.#shards.get(name);
    if (shard === undefined) {
      shard = { known: new KnownEntries(), commits: new Map() };
      this.#shards.set(name, shard);
    }
    let commit = shard.commits.get(bucket);
    if (commit === undefined) {
      const { known } = shard;
      const { patienceMs = 15_000, waitingBytesMax = WAITING_BYTES } = this.#options;
      const about = { topology: this.#topology, shard: name, bucket, known, recent: this.#recent };
      const writer = new ContentWriter({ ...about, patience: { withinMs: patienceMs } });
      const write = (entries: readonly Uint8Array[], hashes: readonly Buffer[]) => writer.write(entries, hashes);
      commit = new GroupCommit({ write, known, waitingBytesMax, isPart: true });
      shard.commits.set(bucket, commit);
    }
    return commit;
  }

  #assertOpen(): void {
    if (this.#closed) throw new StorageError('closed', 'the decision log in etcd is closed');
  }
}

function* batches(placed: readonly Placed[]): Iterable<readonly Placed[]> {
  for (let from = 0; from < placed.length; ) {
    let [to, bytes] = [from, 0];
    for (; to < placed.length && to - from < LOG_FOLLOW_MAX; to += 1) {
      bytes += placed[to]?.order.bytes ?? 0;
      if (to > from && bytes > BATCH_BYTES) break;
    }
    yield placed.slice(from, to);
    from = to;
  }
}
