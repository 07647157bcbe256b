import { hash } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { type EtcdLogOptions, openEtcdLog as openReal } from '@canswarm/log-etcd';
import type { DecisionLog } from '@canswarm/ports';
import { TRACE_FILE, type Trace } from './variables.ts';

export * from '@canswarm/log-etcd';

type Event = Trace extends infer One ? (One extends unknown ? Omit<One, 'at'> : never) : never;

/** The log itself; what a node gives to it and takes from it is written down. */
export async function openEtcdLog(options: EtcdLogOptions): Promise<DecisionLog> {
  const path = process.env[TRACE_FILE];
  const log = await openReal(options);
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
