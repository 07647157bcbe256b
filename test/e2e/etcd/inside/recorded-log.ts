import { hash } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import {
  type BucketLogOptions,
  type EtcdLogOptions,
  openEtcdLog as openReal,
  openBucketLog as openRealBuckets,
} from '@canswarm/log-etcd';
import type { DecisionLog } from '@canswarm/ports';
import { TRACE_FILE, type Trace } from './variables.ts';

export * from '@canswarm/log-etcd';

type Event = Trace extends infer One ? (One extends unknown ? Omit<One, 'at'> : never) : never;

/** The log itself; what a node gives to it and takes from it is written down. */
export const openEtcdLog = async (options: EtcdLogOptions): Promise<DecisionLog> => recorded(await openReal(options));

/** The same of one in buckets. */
export const openBucketLog = async (options: BucketLogOptions): Promise<DecisionLog> =>
  recorded(await openRealBuckets(options));

function recorded(log: DecisionLog): DecisionLog {
  const path = process.env[TRACE_FILE];
  if (path === undefined) return log;
  const file = openSync(path, 'a');
  const tell = (event: Event): void =>
    void writeSync(file, `${JSON.stringify({ at: `${process.hrtime.bigint()}`, ...event })}\n`);
  return {
    async append(shard, entries) {
      const hashes = entries.map((bytes) => hash('sha256', bytes, 'hex'));
      tell({ what: 'given', hashes });
      await log.append(shard, entries);
      tell({ what: 'taken', hashes });
    },
    follow: (shard, after, onRecords) =>
      log.follow(shard, after, async (records) => {
        await onRecords(records);
        const last = records.at(-1);
        if (last !== undefined) tell({ what: 'came', cursor: last.cursor });
      }),
    head: (shard) => log.head(shard),
    close: () => log.close(),
  };
}
