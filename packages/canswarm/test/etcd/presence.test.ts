import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EtcdError, openEtcdLog, presentAt } from '@canswarm/log-etcd';
import { sqliteLog } from '@canswarm/log-sqlite';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { problemFault } from '../../src/doctor/network.ts';
import { openDecisionLog } from '../../src/host/decision-log.ts';
import { type LogNode, nodesAtLog } from '../../src/host/log-nodes.ts';
import { Problems } from '../../src/host/problems.ts';
import { createLogger, examineNetwork, moveLog, openHome, restoreLog } from '../../src/index.ts';
import { SHARD } from '../../src/network/network.ts';
import { networkHere, RECORDS } from '../migrate/here.ts';
import { ETCD, type EtcdHere, etcdctl, etcdHere, ownPrefix } from './etcd-here.ts';

const logger = createLogger({
  level: 'error',
  format: 'json',
  sink: { write: () => true, close: () => undefined },
});

describe.skipIf(ETCD === null)('who is at a log in etcd', () => {
  let etcd: EtcdHere;
  beforeAll(async () => {
    etcd = await etcdHere();
  });
  afterAll(() => etcd.dispose());

  const access = () => ({ endpoints: etcd.cluster.endpoints });
  const there = (prefix: string): Promise<readonly string[]> => presentAt(access(), prefix, 2_000);
  const stay = async (prefix: string, said: string, onTrouble?: (trouble: EtcdError | null) => void) => {
    const presence = { said, seconds: 2, ...(onTrouble === undefined ? {} : { onTrouble }) };
    const log = await openEtcdLog({ ...access(), prefix, presence, patienceMs: 2_000 });
    onTestFinished(() => log.close());
    return log;
  };
  const settings = () => {
    const path = mkdtempSync(join(tmpdir(), 'canswarm-presence-'));
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    return openHome({ path, env: { CANSWARM_ETCD_ENDPOINTS: etcd.cluster.endpoints.join(',') } }).config.values;
  };
  const leases = async (): Promise<readonly string[]> =>
    (await etcdctl(etcd.cluster, 'lease', 'list')).match(/^[0-9a-f]{12,16}$/gm) ?? [];

  it('is seen while its log is open, at no other log, and at once no more when that is closed', async () => {
    const prefix = ownPrefix();
    const logs = [await stay(prefix, 'one'), await stay(prefix, 'two'), await stay(ownPrefix(), 'elsewhere')];
    await vi.waitFor(async () => expect([...(await there(prefix))].sort()).toEqual(['one', 'two']), 5_000);
    // Longer than a lease lasts by itself.
    const until = performance.now() + 4_000;
    await vi.waitUntil(async () => {
      expect([...(await there(prefix))].sort()).toEqual(['one', 'two']);
      return performance.now() > until;
    }, 10_000);
    await logs[0]?.close();
    expect(await there(prefix)).toEqual(['two']);
    await logs[1]?.close();
    expect(await there(prefix)).toEqual([]);
  });

  it('is seen again after its lease was lost, and after the cluster was away', async () => {
    const prefix = ownPrefix();
    await stay(prefix, 'one');
    await vi.waitFor(async () => expect(await there(prefix)).toEqual(['one']), 5_000);
    for (const lease of await leases()) await etcdctl(etcd.cluster, 'lease', 'revoke', lease).catch(() => undefined);
    expect(await there(prefix)).toEqual([]);
    await vi.waitFor(async () => expect(await there(prefix)).toEqual(['one']), 5_000);
    for (const member of etcd.cluster.members) await member.kill();
    await etcd.cluster.start();
    await vi.waitFor(async () => expect(await there(prefix)).toEqual(['one']), 15_000);
  });

  it('says why it cannot be seen, and goes on', async () => {
    const here = await etcdHere();
    onTestFinished(() => here.dispose());
    const prefix = ownPrefix();
    const ctl = (...args: readonly string[]) => etcdctl(here.cluster, ...args);
    for (const args of [
      ['user', 'add', 'root:rootpw'],
      ['user', 'grant-role', 'root', 'root'],
      ['role', 'add', 'log'],
      ['role', 'grant-permission', 'log', 'readwrite', `${prefix}/format`],
      ['role', 'grant-permission', 'log', 'readwrite', `${prefix}/main/`, `${prefix}/main0`],
      ['user', 'add', 'node:nodepw'],
      ['user', 'grant-role', 'node', 'log'],
      ['auth', 'enable'],
    ])
      await ctl(...args);
    const told = Promise.withResolvers<EtcdError | null>();
    const presence = { said: 'one', seconds: 2, onTrouble: told.resolve };
    const user = { name: 'node', password: 'nodepw' };
    const log = await openEtcdLog({ endpoints: here.cluster.endpoints, user, prefix, presence });
    const trouble = await told.promise;
    expect(trouble).toMatchObject({ fault: 'auth' });
    const problems = new Problems(logger);
    problems.note('presence', trouble);
    const [problem] = problems.list();
    if (problem === undefined) throw new Error('it is no problem');
    expect(problemFault(problem)).toMatchObject({ status: 'warning', todo: expect.stringContaining('whole prefix') });
    await log.append('main', [Buffer.from('entry')]);
    await log.close();
  });

  it('says what nodes say, and passes over what is none', async () => {
    const prefix = ownPrefix();
    const node: LogNode = { name: 'node-1', org: 'acme', dids: [], version: '0.1.0', since: 1_800_000_000_000 };
    const wrong = ['', '{', '[]', 'null', '{"name":1}', JSON.stringify({ ...node, since: 1e300 })];
    for (const said of [JSON.stringify({ ...node, more: 1, dids: ['did:key:none'] }), ...wrong])
      await stay(prefix, said);
    await vi.waitFor(async () => expect(await there(prefix)).toHaveLength(7), 5_000);
    expect(await nodesAtLog(prefix, settings())).toEqual([node]);
  });

  it('is told to who looks with doctor, and to who moves the log or gives it back, of nodes of other homes', async () => {
    const folder = networkHere();
    const file = sqliteLog({ path: folder.logPath });
    await file.append(SHARD, RECORDS);
    await file.close();
    const said: string[] = [];
    const about = { folder, settings: settings(), logger, onProgress: (text: string) => void said.push(text) };
    const { to } = await moveLog({ ...about, to: 'etcd' });
    const doctor = async () =>
      (await examineNetwork(folder, settings())).find(({ name }) => name === 'nodes at the log')?.found;
    expect(await doctor()).toBe('none');
    const own = folder.node('node-1').read();
    for (const node of [own, { ...own, name: 'far', org: 'globex', agents: [] }]) {
      const log = await openDecisionLog(to, settings(), new Problems(logger), { buckets: 1, node });
      onTestFinished(() => log.close());
    }
    await vi.waitFor(async () => expect(await doctor()).toMatch(/node-1 of .*; far of globex, since 20.*Z$/), 5_000);
    said.length = 0;
    await expect(restoreLog(about)).rejects.toMatchObject({ code: 'not_found' });
    await moveLog({ ...about, to: 'sqlite' });
    expect(said.filter((text) => text.startsWith('at the log'))).toEqual([
      expect.stringMatching(/of another home: far of globex, since .*; what it says may take the place/),
      expect.stringMatching(/of another home: far of globex, since .*; the move ends it/),
    ]);
  });

  it('says 4 KiB of itself at most', async () => {
    const presence = { said: 'x'.repeat(4_097) };
    await expect(openEtcdLog({ ...access(), prefix: ownPrefix(), presence })).rejects.toMatchObject({
      code: 'invalid',
    });
  });
});
