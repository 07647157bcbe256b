import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteLog } from '@canswarm/log-sqlite';
import { encodeGenesis, utf8, verifyEntry } from '@canswarm/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { entryKey } from '../../src/host/entry-key.ts';
import { createLogger, examineNetwork, moveLog, moveLogBucket, type NetworkFolder, openHome } from '../../src/index.ts';
import { SHARD } from '../../src/network/network.ts';
import { crypto, example } from '../audit/example-log.ts';
import { networkHere, RECORDS } from '../migrate/here.ts';
import { ETCD, type EtcdHere, etcdctl, etcdHere } from './etcd-here.ts';

const BUCKETS = 4;
const logger = createLogger({
  level: 'error',
  format: 'json',
  sink: { write: () => undefined, close: () => undefined } as never,
});

/** A network whose genesis spreads its log, with a log in a file; its node stands still. */
async function bucketNetwork(): Promise<NetworkFolder> {
  const folder = networkHere();
  folder.writeGenesis(encodeGenesis({ ...example.log.genesis, buckets: BUCKETS }));
  const log = sqliteLog({ path: folder.logPath });
  await log.append(SHARD, RECORDS);
  await log.close();
  return folder;
}

function settingsOf(home: EtcdHere, clusters: Readonly<Record<string, EtcdHere>>) {
  const path = mkdtempSync(join(tmpdir(), 'canswarm-buckets-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  const named = Object.entries(clusters).map(([name, { cluster }]) => [name, { endpoints: cluster.endpoints }]);
  const env = {
    CANSWARM_ETCD_ENDPOINTS: home.cluster.endpoints.join(','),
    CANSWARM_ETCD_CLUSTERS: JSON.stringify(Object.fromEntries(named)),
  };
  return openHome({ path, env }).config.values;
}

describe('the key of an entry', () => {
  it('is that of its need: the NEED itself, and all that follows from it', () => {
    const keys = example.log.entries.map(({ bytes }) => {
      const read = verifyEntry(bytes, crypto);
      if (!read.ok) throw new Error(read.code);
      const { verb, thread } = read.entry.envelope.payload;
      const key = entryKey(bytes);
      if (thread !== null) expect(key).toEqual(utf8(`${thread}`));
      else if (verb !== 'NEED') expect(key).toBeNull();
      else expect(key).toEqual(utf8(read.entry.envelope.id));
      return key === null ? null : Buffer.from(key).toString();
    });
    const needs = keys.filter((key) => key !== null);
    expect(needs.length).toBeGreaterThan(2);
    expect(new Set(needs).size).toBe(1);
  });

  it('of what is no entry is none', () => {
    for (const bytes of [utf8('no entry'), new Uint8Array(0), Uint8Array.of(0x80), Uint8Array.of(0x81, 0x41, 0xff)])
      expect(entryKey(bytes)).toBeNull();
  });
});

describe.skipIf(ETCD === null)('a network whose log is in buckets over two real clusters', () => {
  it('moves its log there and back, and a bucket from the one cluster to the other; doctor tells where they are', async () => {
    const [home, away] = await Promise.all([etcdHere(), etcdHere()]);
    onTestFinished(async () => void (await Promise.all([home.dispose(), away.dispose()])));
    const folder = await bucketNetwork();
    const settings = settingsOf(home, { away });
    const about = { folder, settings, logger, onProgress: () => undefined };
    await expect(moveLogBucket({ ...about, bucket: 1, to: 'home' })).rejects.toMatchObject({ code: 'usage' });
    const there = await moveLog({ ...about, to: 'etcd' });
    expect(there).toMatchObject({ found: 0, copied: RECORDS.length });
    const doctor = async () => new Map((await examineNetwork(folder, settings)).map((one) => [one.name, one]));
    const before = await doctor();
    expect(before.get('buckets of the log')).toMatchObject({
      status: 'ok',
      found: '4 buckets, map 1; home: 0, 2; away: 1, 3',
    });
    expect(before.get('decision log, cluster away')).toMatchObject({ status: 'ok' });
    const moved = await moveLogBucket({ ...about, bucket: 3, to: 'home' });
    expect(moved).toMatchObject({ bucket: 3, from: 'away', to: 'home' });
    expect((await doctor()).get('buckets of the log')?.found).toBe('4 buckets, map 3; home: 0, 2-3; away: 1');
    await expect(moveLogBucket({ ...about, bucket: 9, to: 'home' })).rejects.toThrow('has no bucket 9');
    await expect(moveLogBucket({ ...about, bucket: 1, to: 'nowhere' })).rejects.toThrow('"nowhere" is not known here');
    const back = await moveLog({ ...about, to: 'sqlite' });
    expect(back).toMatchObject({ found: RECORDS.length, copied: 0, account: there.account });
    await moveLog({ ...about, to: 'etcd' });
    const alone = await examineNetwork(folder, settingsOf(home, {}));
    expect(alone.find(({ name }) => name === 'decision log, cluster away')).toMatchObject({
      status: 'failed',
      found: expect.stringContaining('is not known here'),
    });
    await etcdctl(away.cluster, 'put', `${there.to.slice('etcd:'.length)}/cluster`, 'another');
    expect((await doctor()).get('decision log, cluster away')).toMatchObject({
      status: 'failed',
      found: expect.stringContaining('is the cluster "another" of this log'),
      todo: expect.stringContaining('etcd.clusters'),
    });
    for (const member of away.cluster.members) await member.kill();
    expect((await doctor()).get('decision log, cluster away')).toMatchObject({
      status: 'failed',
      means: expect.stringContaining('entries of bucket 1'),
    });
    expect((await doctor()).get('decision log, cluster home')).toMatchObject({ status: 'ok' });
  });
});
