import { openBucketLog } from '@canswarm/log-etcd';
import type { DecisionLog } from '@canswarm/ports';
import { decisionLogCompliance, realWorld } from '@canswarm/ports/compliance';
import { afterAll, beforeAll, describe } from 'vitest';
import { ETCD, type EtcdHere, etcdHere, ownPrefix } from './etcd-here.ts';

describe.skipIf(ETCD === null)('two real clusters of etcd', () => {
  let etcds: readonly EtcdHere[];
  beforeAll(async () => {
    etcds = await Promise.all([etcdHere(), etcdHere()]);
  });
  afterAll(async () => void (await Promise.all(etcds.map((etcd) => etcd.dispose()))));

  decisionLogCompliance('bucketLog of four buckets', async () => {
    const prefix = ownPrefix();
    const opened: DecisionLog[] = [];
    const [endpoints = [], away = []] = etcds.map(({ cluster }) => cluster.endpoints);
    const open = async (): Promise<DecisionLog> => {
      const clusters = { away: { endpoints: away } };
      const log = await openBucketLog({ endpoints, prefix, buckets: 4, clusters, keyOf: (entry) => entry });
      opened.push(log);
      return log;
    };
    const dispose = async (): Promise<void> => {
      await Promise.all(opened.map((log) => log.close()));
    };
    return { ...realWorld(dispose), log: await open(), second: open, reopen: open };
  });
});
