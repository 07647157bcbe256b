import {
  assertAppend,
  assertCursor,
  assertShard,
  type Clock,
  type DecisionLog,
  LOG_FOLLOW_MAX,
  type LogFollower,
  type LogRecord,
  logFollower,
  type Random,
  StorageError,
} from '@canswarm/ports';
import { type Sha256, toHex } from '@canswarm/protocol';
import { type Latency, latencyDraw } from './latency.ts';

export interface MemoryLogOptions {
  readonly clock: Clock;
  /** Latencies come from its stream `log`. */
  readonly random: Random;
  readonly sha256: Sha256;
  /** Time from append to the place in the order, and from there to each follower. Default 1 to 3 ms. */
  readonly latencyMs?: Latency;
  /** All who follow it get the same bytes, which none of them writes; by default each has its own. */
  readonly areBytesShared?: boolean;
}

/**
 * Invariant: `records[i].cursor` is i + 1; `hashes` holds the hash of every record and nothing else.
 */
interface Shard {
  readonly records: LogRecord[];
  readonly hashes: Set<string>;
  readonly followers: Set<LogFollower>;
}

/**
 * One log inside this process, shared by whoever holds it; whoever made it closes it. Everything it does is an event of the
 * clock, so with a virtual clock and a seed every run is the same.
 */
export function memoryLog(options: MemoryLogOptions): DecisionLog {
  const { clock, random, sha256, latencyMs = { min: 1, max: 3 }, areBytesShared = false } = options;
  const draw = latencyDraw(latencyMs, random.stream('log'));
  const shards = new Map<string, Shard>();
  const appending = new Set<Promise<void>>();
  let closed = false;

  const assertOpen = (): void => {
    if (closed) throw new StorageError('closed', 'the decision log is closed');
  };

  const shardOf = (name: string): Shard => {
    assertShard(name);
    const shard = shards.get(name) ?? { records: [], hashes: new Set(), followers: new Set() };
    shards.set(name, shard);
    return shard;
  };

  return {
    async append(name, entries) {
      assertOpen();
      assertAppend(name, entries);
      const shard = shardOf(name);
      const own = entries.map((entry) => entry.slice());
      const { promise, resolve } = Promise.withResolvers<void>();
      clock.schedule(draw(), () => {
        add(shard, own, sha256);
        resolve();
      });
      appending.add(promise);
      await promise;
      appending.delete(promise);
    },
    follow(name, after, onRecords) {
      assertOpen();
      assertCursor(after);
      const shard = shardOf(name);
      const follower = logFollower({
        after,
        onRecords,
        schedule: (task) => clock.schedule(draw(), task),
        hasMore: (cursor) => shard.records.length > cursor,
        read: (cursor) => {
          const records = recordsAfter(shard, cursor);
          return areBytesShared ? records : records.map((record) => ({ ...record, bytes: record.bytes.slice() }));
        },
        onOver: () => shard.followers.delete(follower),
      });
      shard.followers.add(follower);
      follower.wake();
      return follower.subscription;
    },
    async head(name) {
      assertOpen();
      return shardOf(name).records.length;
    },
    async close() {
      closed = true;
      await Promise.all(appending);
      const followers = [...shards.values()].flatMap((shard) => [...shard.followers]);
      await Promise.all(followers.map((follower) => follower.subscription.close()));
    },
  };
}

/** Adds the entries that are new to the shard, and wakes its followers. */
function add({ records, hashes, followers }: Shard, entries: readonly Uint8Array[], sha256: Sha256): void {
  for (const bytes of entries) {
    const hash = toHex(sha256(bytes));
    if (hashes.has(hash)) continue;
    hashes.add(hash);
    records.push({ cursor: records.length + 1, bytes });
  }
  for (const follower of followers) follower.wake();
}

/** Cursors are places from 1, so the records after cursor n begin at index n. */
function recordsAfter({ records }: Shard, cursor: number): readonly LogRecord[] {
  return records.slice(cursor, cursor + LOG_FOLLOW_MAX);
}
