import { openEtcdLog } from '@canswarm/log-etcd';
import { type DecisionLog, LOG_APPEND_MAX, LOG_ENTRY_BYTES_MAX } from '@canswarm/ports';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bytesOf, collect, textOf } from './collect.ts';
import { ETCD, type EtcdHere, etcdctl, etcdHere, ownPrefix } from './etcd-here.ts';

describe.skipIf(ETCD === null)('the log in a real etcd', () => {
  let etcd: EtcdHere;
  beforeAll(async () => {
    etcd = await etcdHere();
  });
  afterAll(() => etcd.dispose());

  const open = async (prefix = ownPrefix(), more: { waitingBytesMax?: number } = {}): Promise<DecisionLog> => {
    const log = await openEtcdLog({ endpoints: etcd.cluster.endpoints, prefix, ...more });
    onTestFinished(() => log.close());
    return log;
  };

  /** Takes all history from etcd but the present. */
  const compact = async (): Promise<void> => {
    const status: unknown = JSON.parse(await etcdctl(etcd.cluster, 'endpoint', 'status', '-w', 'json'));
    const revision = /"revision":(\d+)/.exec(JSON.stringify(status))?.[1] ?? '';
    await etcdctl(etcd.cluster, 'compaction', revision);
  };

  it('keeps an append of many large entries whole, though no request has room for it', async () => {
    const log = await open();
    const large = Array.from({ length: 9 }, (_, i) => new Uint8Array(LOG_ENTRY_BYTES_MAX).fill(i + 1));
    await log.append('main', [bytesOf('before'), ...large, bytesOf('after')]);
    const records = await collect(log, 11);
    expect(records.map(({ bytes }) => bytes.length)).toEqual([6, ...large.map(({ length }) => length), 5]);
    expect(await log.head('main')).toBe(records.at(-1)?.cursor);
    const late = await collect(log, 3, records[7]?.cursor);
    expect(late).toEqual(records.slice(8));
  });

  it('takes as many entries as an append may have, and marks those that were there', async () => {
    const prefix = ownPrefix();
    const [log, other] = [await open(prefix), await open(prefix)];
    const texts = Array.from({ length: LOG_APPEND_MAX }, (_, i) => `entry ${i}`);
    await other.append('main', [bytesOf('entry 3'), bytesOf('entry 1000')]);
    await log.append('main', texts.map(bytesOf));
    const records = await collect(log, LOG_APPEND_MAX);
    const expected = ['entry 3', 'entry 1000', ...texts.filter((_, i) => i !== 3 && i !== 1000)];
    expect(records.map(textOf)).toEqual(expected);
    const third = await open(prefix);
    await third.append('main', texts.slice(0, 100).map(bytesOf));
    expect(await third.head('main')).toBe(records.at(-1)?.cursor);
  });

  it('reads on where a watch has no history left, and from the beginning, after a compaction', async () => {
    const prefix = ownPrefix();
    const log = await open(prefix);
    for (let i = 0; i < 1_200; i += 8) {
      await Promise.all(Array.from({ length: 8 }, (_, j) => log.append('main', [bytesOf(`${i + j}`)])));
    }
    const before = await collect(log, 1_200);
    await compact();
    await log.append('main', [bytesOf('after')]);
    const reader = await open(prefix);
    const all = await collect(reader, 1_201);
    expect(all.slice(0, 1_200)).toEqual(before);
    expect(all.map(textOf).toSorted()).toEqual(
      [...Array.from({ length: 1_200 }, (_, i) => `${i}`), 'after'].toSorted(),
    );
    expect(await collect(reader, 2, before[1_198]?.cursor)).toEqual(all.slice(1_199));
  });

  it('loses nothing when the history that a slow reader still waits for is compacted', async () => {
    const log = await open();
    const [entries, bytes] = [500, 60_000];
    const seen: number[] = [];
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const subscription = log.follow('main', 0, async (records) => {
      begun.resolve();
      await goOn.promise;
      for (const { bytes } of records) seen.push(new DataView(bytes.buffer).getUint32(0));
    });
    for (let i = 0; i < entries; i += 1) {
      const entry = new Uint8Array(bytes);
      new DataView(entry.buffer).setUint32(0, i);
      await log.append('main', [entry]);
    }
    await begun.promise;
    await compact();
    goOn.resolve();
    await expect.poll(() => seen.length, { timeout: 20_000 }).toBe(entries);
    expect(seen).toEqual(Array.from({ length: entries }, (_, i) => i));
    await subscription.close();
  });

  it('reads no further ahead than it has room, and refuses what it has no room to keep', async () => {
    const log = await open(ownPrefix(), { waitingBytesMax: 1_000_000 });
    const large = Array.from({ length: 40 }, (_, i) => new Uint8Array(600_000).fill(i + 1));
    const outcomes = await Promise.allSettled(large.map((entry) => log.append('main', [entry])));
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(30);
    for (const outcome of refused) expect(outcome).toMatchObject({ reason: { code: 'locked', fault: 'busy' } });
    for (const entry of large) await log.append('main', [entry]);
    const seen: number[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const subscription = log.follow('main', 0, async (records) => {
      for (const { bytes } of records) seen.push(bytes[0] ?? 0);
      await new Promise((done) => setImmediate(done));
      if (seen.length === 40) resolve();
    });
    await promise;
    await subscription.close();
    expect(seen.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });
});
