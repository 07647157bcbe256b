import {
  assertAppend,
  assertCursor,
  type Clock,
  type DecisionLog,
  LOG_FOLLOW_MAX,
  type LogFollower,
  type LogRecord,
  logFollower,
  type Store,
} from '@canswarm/ports';
import { type Sha256, toHex } from '@canswarm/protocol';

const TRANSIT_MS = 2;

/** A log of one shard under a virtual clock that keeps its records in a store, so that a long one takes no memory. */
export function storedLog(clock: Clock, store: Store, sha256: Sha256): DecisionLog {
  const followers = new Set<LogFollower>();
  let head = 0;
  const add = (entries: readonly Uint8Array[]): void => {
    for (const bytes of entries) {
      const hash = `hash/${toHex(sha256(bytes))}`;
      if (store.get(hash) !== undefined) continue;
      head += 1;
      store.batch(
        [
          { key: `record/${head}`, value: bytes },
          { key: hash, value: new Uint8Array(0) },
        ],
        { sync: false },
      );
    }
    for (const follower of followers) follower.wake();
  };
  const read = (after: number): readonly LogRecord[] => {
    const records: LogRecord[] = [];
    for (let cursor = after + 1; cursor <= Math.min(head, after + LOG_FOLLOW_MAX); cursor += 1) {
      const bytes = store.get(`record/${cursor}`);
      if (bytes !== undefined) records.push({ cursor, bytes });
    }
    return records;
  };
  return {
    append(shard, entries) {
      assertAppend(shard, entries);
      return new Promise((resolve) => {
        clock.schedule(TRANSIT_MS, () => {
          add(entries);
          resolve();
        });
      });
    },
    follow(_shard, after, onRecords) {
      assertCursor(after);
      const follower = logFollower({
        after,
        onRecords,
        read,
        hasMore: (cursor) => head > cursor,
        schedule: (task) => clock.schedule(TRANSIT_MS, task),
        onOver: () => followers.delete(follower),
      });
      followers.add(follower);
      follower.wake();
      return follower.subscription;
    },
    head: async () => head,
    close: async () => undefined,
  };
}
