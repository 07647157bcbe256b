import { openEtcdLog } from '@canswarm/log-etcd';
import type { DecisionLog } from '@canswarm/ports';
import { decisionLogCompliance, realWorld } from '@canswarm/ports/compliance';
import { afterAll, beforeAll, describe } from 'vitest';
import { ETCD, type EtcdHere, etcdHere, ownPrefix } from './etcd-here.ts';

describe.skipIf(ETCD === null)('a real etcd', () => {
  let etcd: EtcdHere;
  beforeAll(async () => {
    etcd = await etcdHere();
  });
  afterAll(() => etcd.dispose());

  decisionLogCompliance('etcdLog', async () => {
    const prefix = ownPrefix();
    const opened: DecisionLog[] = [];
    const open = async (): Promise<DecisionLog> => {
      const log = await openEtcdLog({ endpoints: etcd.cluster.endpoints, prefix });
      opened.push(log);
      return log;
    };
    const dispose = async (): Promise<void> => {
      await Promise.all(opened.map((log) => log.close()));
    };
    return { ...realWorld(dispose), log: await open(), second: open, reopen: open };
  });
});
