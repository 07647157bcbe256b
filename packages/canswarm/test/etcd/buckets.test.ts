import {
  type BucketLogOptions,
  EtcdClient,
  type EtcdError,
  moveBucket,
  openBucketLog,
  openEtcdLog,
} from '@canswarm/log-etcd';
import type { DecisionLog } from '@canswarm/ports';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bytesOf, collect, textOf } from './collect.ts';
import { ETCD, type EtcdHere, etcdctl, etcdHere, ownPrefix } from './etcd-here.ts';

const BUCKETS = 4;
/** Keys whose entries are in the buckets 0 to 3. */
const KEYS = ['key 3', 'key 4', 'key 0', 'key 9'];

describe.skipIf(ETCD === null)('a log in buckets over clusters', () => {
  let etcds: readonly EtcdHere[];
  beforeAll(async () => {
    etcds = await Promise.all([etcdHere(), etcdHere(), etcdHere()]);
  });
  afterAll(async () => void (await Promise.all(etcds.map((etcd) => etcd.dispose()))));

  const at = (index: number): EtcdHere => {
    const found = etcds[index];
    if (found === undefined) throw new Error(`there is no cluster ${index}`);
    return found;
  };
  const access = (index: number) => ({ endpoints: at(index).cluster.endpoints });

  const about = (more: Partial<BucketLogOptions> = {}): BucketLogOptions => ({
    ...{ ...access(0), prefix: ownPrefix(), buckets: BUCKETS, clusters: { b: access(1) } },
    keyOf: (entry) => bytesOf(textOf({ cursor: 0, bytes: entry }).split(':')[0] ?? ''),
    ...more,
  });
  const open = async (options: BucketLogOptions): Promise<DecisionLog> => {
    const log = await openBucketLog(options);
    onTestFinished(() => log.close());
    return log;
  };
  const keysIn = async (index: number, prefix: string): Promise<readonly string[]> =>
    (await etcdctl(at(index).cluster, 'get', prefix, '--prefix', '--keys-only', '-w', 'json'))
      .match(/"key":"[^"]+"/g)
      ?.map((found) => Buffer.from(found.slice(7, -1), 'base64').toString('latin1')) ?? [];
  const contentIn = async (index: number, prefix: string): Promise<readonly string[]> =>
    (await keysIn(index, `${prefix}/content/`)).map((key) => key.slice(prefix.length + '/content/'.length).slice(0, 2));
  const failureOf = (done: Promise<unknown>): Promise<EtcdError> =>
    done.then(
      () => {
        throw new Error('it did not fail');
      },
      (error: EtcdError) => error,
    );
  const entry = (bucket: number, text: string): Uint8Array => bytesOf(`${KEYS[bucket]}: ${text}`);

  it('has one order, and content where the map says', async () => {
    const options = about();
    const [log, other] = [await open(options), await open(options)];
    const texts = Array.from({ length: 200 }, (_, i) => entry(i % BUCKETS, `${i}`));
    await log.append('main', texts.slice(0, 120));
    await Promise.all([other.append('main', texts.slice(100)), log.append('main', texts.slice(110, 150))]);
    const [one, two] = [await collect(log, 200), await collect(other, 200)];
    expect(one).toEqual(two);
    expect(one.slice(0, 120).map(({ bytes }) => bytes)).toEqual(
      texts.slice(0, 120).map((text) => Uint8Array.from(text)),
    );
    expect(new Set(one.map(textOf)).size).toBe(200);
    expect(new Set(await contentIn(0, options.prefix))).toEqual(new Set(['00', '02']));
    expect(new Set(await contentIn(1, options.prefix))).toEqual(new Set(['01', '03']));
    expect(await collect(other, 50, one[149]?.cursor)).toEqual(one.slice(150));
  });

  it('takes entries of the other buckets while a cluster is away, and stands still only where nothing else has what stands there', async () => {
    const away = await etcdHere();
    onTestFinished(() => away.dispose());
    const options = about({ clusters: { b: { endpoints: away.cluster.endpoints } }, patienceMs: 1_000 });
    const log = await open(options);
    await log.append('main', [entry(0, 'a'), entry(1, 'b'), entry(2, 'c')]);
    for (const member of away.cluster.members) await member.kill();
    const refused = await failureOf(log.append('main', [entry(0, 'with the next'), entry(1, 'd')]));
    expect(refused).toMatchObject({ code: 'io', isPart: true, fault: expect.stringMatching(/unreachable|no_quorum/) });
    expect(KEYS.map((_, bucket) => log.partOf?.(entry(bucket, 'any')))).toEqual([0, 1, 2, 3]);
    expect(refused.message).toMatch(/bucket 1 of the log, in the cluster "b", stands still/);
    await log.append('main', [entry(0, 'e'), entry(2, 'f')]);
    const texts = (await collect(await open(options), 5)).map(textOf);
    expect(texts.map((text) => text.split(': ')[1])).toEqual(['a', 'b', 'c', 'e', 'f']);
    // What the home cluster kept of the last minutes goes.
    await etcdctl(at(0).cluster, 'del', `${options.prefix}/recent/`, '--prefix');
    const told = Promise.withResolvers<EtcdError>();
    const late = await openBucketLog({
      ...options,
      onTrouble: (trouble) => void (trouble !== null && told.resolve(trouble)),
    });
    const seen: string[] = [];
    const whole = Promise.withResolvers<void>();
    late.follow('main', 0, (records) => {
      seen.push(...records.map(textOf));
      if (seen.length === 6) whole.resolve();
    });
    expect((await told.promise).message).toMatch(/bucket 1 of the log/);
    expect(seen).toEqual([]);
    await away.cluster.start();
    await log.append('main', [entry(1, 'd')]);
    await whole.promise;
    expect(seen.slice(0, 5)).toEqual(texts);
    expect(seen[5]).toBe(`${KEYS[1]}: d`);
    await late.close();
  });

  it('is away whole when its home cluster is', async () => {
    const away = await etcdHere();
    onTestFinished(() => away.dispose());
    const options = about({ endpoints: away.cluster.endpoints, clusters: { b: access(1) }, patienceMs: 1_000 });
    const log = await open(options);
    await log.append('main', [entry(0, 'a'), entry(1, 'b')]);
    for (const member of away.cluster.members) await member.kill();
    for (const bucket of [0, 1])
      expect(await failureOf(log.append('main', [entry(bucket, 'next')]))).toMatchObject({ code: 'io', isPart: false });
  });

  it('ends who follows it where content is gone, and passes nothing over', async () => {
    const options = about();
    const log = await open(options);
    await log.append('main', [entry(0, 'a'), entry(1, 'b')]);
    await etcdctl(at(1).cluster, 'del', `${options.prefix}/content/`, '--prefix');
    await etcdctl(at(0).cluster, 'del', `${options.prefix}/recent/`, '--prefix');
    const ended = (await open(options)).follow('main', 0, () => undefined).ended;
    await expect(ended).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining('bucket 1') });
    // Whoever has the entry gives it back by appending it: its place is there.
    await (await open(options)).append('main', [entry(1, 'b')]);
    expect((await collect(log, 2)).map(textOf)).toEqual([0, 1].map((bucket) => `${KEYS[bucket]}: ${'ab'[bucket]}`));
  });

  describe('of which a bucket is moved', () => {
    const clusters = () => ({ b: access(1), c: access(2) });
    const quiet = { onProgress: () => undefined };
    const filled = async (more: Partial<BucketLogOptions> = {}) => {
      const options = about({ clusters: clusters(), ...more });
      const log = await open(options);
      const entries = Array.from({ length: 300 }, (_, i) => entry(i % BUCKETS, `${i}`));
      await log.append('main', entries);
      return { options, log };
    };

    it('loses, doubles and reorders nothing of what is written meanwhile, and the old place takes nothing any more', async () => {
      const { options, log } = await filled();
      let isOver = false;
      const acknowledged: string[] = [];
      const writers = [log, await open(options)].map(async (writer, own) => {
        for (let i = 0; !isOver; i += 1) {
          const own2 = entry(1, `${own}/${i}`);
          await writer.append('main', [own2]);
          acknowledged.push(textOf({ cursor: 0, bytes: own2 }));
        }
      });
      const from = 'b';
      const moved = await moveBucket({ ...options, bucket: 1, to: 'c', ...quiet });
      expect(moved).toMatchObject({ bucket: 1, from, to: 'c', version: 3 });
      const before = (await contentIn(1, options.prefix)).length;
      const soon = acknowledged.length + 10;
      await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(soon);
      isOver = true;
      await Promise.all(writers);
      expect((await contentIn(1, options.prefix)).length).toBe(before);
      const records = await collect(await open(options), 300 + acknowledged.length);
      const texts = records.map(textOf);
      expect(new Set(texts).size).toBe(texts.length);
      expect(acknowledged.filter((text) => !texts.includes(text))).toEqual([]);
      const numbers = texts
        .filter((text) => text.startsWith(`${KEYS[1]}: 0/`))
        .map((text) => Number(text.split('/')[1]));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      expect(await moveBucket({ ...options, bucket: 1, to: 'c', ...quiet })).toMatchObject({ copied: 0, from: 'c' });
      const back = await moveBucket({ ...options, bucket: 1, to: 'b', ...quiet });
      expect(back.entries).toBe((await contentIn(2, options.prefix)).filter((bucket) => bucket === '01').length);
      await log.append('main', [entry(1, 'back')]);
      expect(await collect(await open(options), texts.length + 1)).toHaveLength(texts.length + 1);
    });

    it('is ended by the same call after a crash at any step, and what is written meanwhile waits or is told why', async () => {
      let died = 0;
      for (let step = 1; died === step - 1; step += 1) {
        const { options, log } = await filled({ patienceMs: 4_000 });
        let steps = 0;
        const onProgress = (): void => {
          steps += 1;
          if (steps === step) throw new Error('the power failed');
        };
        const move = { ...options, patienceMs: 30_000, bucket: 1, to: 'c' };
        const end = await moveBucket({ ...move, onProgress }).catch((error: unknown) => String(error));
        if (steps < step) break;
        died = step;
        expect(end).toBe('Error: the power failed');
        const written = await log.append('main', [entry(1, 'meanwhile')]).then(
          () => null,
          (error: EtcdError) => error,
        );
        // Between the closing of the one place and the switch to the other nothing of this bucket is taken.
        expect([step, written?.code, written?.isPart, written?.message]).toEqual(
          step >= 2 && step <= 4
            ? [step, 'locked', true, expect.stringMatching(/canswarm migrate bucket 1 --to c/)]
            : [step, undefined, undefined, undefined],
        );
        await log.append('main', [entry(0, 'meanwhile')]);
        if (step < 5)
          expect(await failureOf(moveBucket({ ...move, bucket: 2, ...quiet }))).toMatchObject({
            fault: 'topology',
            message: expect.stringContaining('canswarm migrate bucket 1 --to c'),
          });
        const [one, two] = [1, 2].map(() => moveBucket({ ...move, ...quiet }));
        expect(await one).toMatchObject({ bucket: 1, to: 'c' });
        await two;
        await log.append('main', [entry(1, 'meanwhile')]);
        expect(new Set((await collect(await open(options), 302)).map(textOf)).size).toBe(302);
      }
      expect(died).toBe(5);
    });

    it('is taken back to where it came from when the cluster is gone where it was to go', async () => {
      const gone = await etcdHere();
      onTestFinished(() => gone.dispose());
      const d = { endpoints: gone.cluster.endpoints };
      const { options, log } = await filled({ clusters: { b: access(1), c: access(2), d }, patienceMs: 3_000 });
      let steps = 0;
      const onProgress = (): void => {
        steps += 1;
        if (steps === 4) throw new Error('the power failed');
      };
      const move = { ...options, bucket: 1, to: 'd' };
      await expect(moveBucket({ ...move, onProgress })).rejects.toThrow('the power failed');
      for (const member of gone.cluster.members) await member.kill();
      expect((await failureOf(log.append('main', [entry(1, 'x')]))).message).toMatch(/bucket 1 --to b/);
      expect(await moveBucket({ ...move, to: 'b', ...quiet })).toMatchObject({ from: 'b', to: 'b', copied: 0 });
      await log.append('main', [entry(1, 'x')]);
      expect(await contentIn(1, options.prefix)).toHaveLength(76);
      expect(await moveBucket({ ...move, to: 'c', ...quiet })).toMatchObject({ from: 'b', to: 'c', entries: 76 });
    });

    it('gets a turn above all that its places had, also where the map was restored from before them', async () => {
      const { options, log } = await filled();
      const map = (await etcdctl(at(0).cluster, 'get', `${options.prefix}/map`, '--print-value-only')).trim();
      const restore = () => etcdctl(at(0).cluster, 'put', `${options.prefix}/map`, map);
      for (const to of ['c', 'b', 'c']) await moveBucket({ ...options, bucket: 1, to, ...quiet });
      await restore();
      // Its place by the map that was restored is closed.
      await moveBucket({ ...options, bucket: 1, to: 'b', ...quiet });
      const late = await open(options);
      await late.append('main', [entry(1, 'x')]);
      await restore();
      await moveBucket({ ...options, bucket: 1, to: 'c', ...quiet });
      await late.append('main', [entry(1, 'y')]);
      expect(await collect(await open(options), 302)).toHaveLength(302);
      await log.append('main', [entry(1, 'z')]);
    });

    it('is not copied where it is not what was written, and stays', async () => {
      const { options, log } = await filled();
      const [key = ''] = (await keysIn(1, `${options.prefix}/content/01/`)).slice(0, 1);
      // The bytes of a key are no text: another entry is put under it by its own bytes.
      const spoilt = Buffer.from(key, 'latin1');
      const client = new EtcdClient(access(1));
      await client.put({ key: spoilt, value: bytesOf('another') }, { withinMs: 5_000 });
      client.close();
      const failure = await failureOf(moveBucket({ ...options, bucket: 1, to: 'c', ...quiet }));
      expect(failure).toMatchObject({ fault: 'damaged', message: expect.stringContaining('"b"') });
      await log.append('main', [entry(1, 'still')]);
      expect(await keysIn(2, `${options.prefix}/bucket/`)).toEqual([`${options.prefix}/bucket/02`]);
    });
  });

  it('is found at its new place by who has an old map and does not reach the old place any more', async () => {
    const old = await etcdHere();
    onTestFinished(() => old.dispose());
    const options = about({ clusters: { b: { endpoints: old.cluster.endpoints } }, patienceMs: 2_000 });
    const log = await open(options);
    await log.append('main', [entry(1, 'a'), entry(3, 'b')]);
    for (const bucket of [1, 3])
      await moveBucket({ ...options, patienceMs: 30_000, bucket, to: 'home', onProgress: () => undefined });
    for (const member of old.cluster.members) await member.kill();
    await log.append('main', [entry(1, 'c'), entry(3, 'd')]);
    expect((await collect(log, 4)).map(textOf)).toHaveLength(4);
  });

  it('takes entries after the lease of what is recent was lost', async () => {
    const home = await etcdHere();
    onTestFinished(() => home.dispose());
    const log = await open(about({ endpoints: home.cluster.endpoints, clusters: { b: access(1) } }));
    await log.append('main', [entry(1, 'a')]);
    const leases = async (): Promise<readonly string[]> =>
      (await etcdctl(home.cluster, 'lease', 'list')).match(/^[0-9a-f]{12,16}$/gm) ?? [];
    const [lost] = await leases();
    await etcdctl(home.cluster, 'lease', 'revoke', lost ?? 'none');
    await log.append('main', [entry(1, 'b'), entry(0, 'c')]);
    expect((await collect(log, 3)).map((one) => textOf(one).split(': ')[1])).toEqual(['a', 'b', 'c']);
    expect(await leases()).toEqual([expect.not.stringMatching(lost ?? 'none')]);
  });

  it('is read on from what the home cluster has of the last minutes by who does not know where a bucket was moved to', async () => {
    const options = about({ patienceMs: 1_000 });
    const log = await open(options);
    await log.append('main', [entry(1, 'a')]);
    const knowing = { ...options, clusters: { b: access(1), c: access(2) }, patienceMs: 30_000 };
    await moveBucket({ ...knowing, bucket: 1, to: 'c', onProgress: () => undefined });
    await (await open(knowing)).append('main', [entry(1, 'b'), entry(0, 'c'), entry(1, 'd')]);
    expect((await collect(log, 4)).map((one) => textOf(one).split(': ')[1])).toEqual(['a', 'b', 'c', 'd']);
    const refused = await failureOf(log.append('main', [entry(1, 'e')]));
    expect(refused).toMatchObject({ fault: 'topology', message: expect.stringMatching(/"c" is not known here/) });
    await log.append('main', [entry(2, 'f'), entry(3, 'g')]);
    expect(await collect(log, 6)).toHaveLength(6);
  });

  it('is not opened by who has other clusters, or another count of buckets', async () => {
    const options = about({ clusters: { b: access(1), c: access(2) } });
    await open(options);
    const refusals: readonly (readonly [Partial<BucketLogOptions>, RegExp])[] = [
      [{ clusters: { b: access(1) } }, /the cluster "c", which is not known here/],
      [{ buckets: 8 }, /has 4 buckets, and this network's genesis says 8/],
    ];
    for (const [own, said] of refusals) {
      const failure = await failureOf(openBucketLog({ ...options, ...own }));
      expect(failure).toMatchObject({ code: 'io', fault: 'topology', message: expect.stringMatching(said) });
    }
    const plain = openEtcdLog({ ...access(0), prefix: options.prefix });
    expect((await failureOf(plain)).message).toMatch(/has 4 buckets, and this network's genesis says 1/);
    await expect(openBucketLog({ ...options, buckets: 257 })).rejects.toMatchObject({ code: 'invalid' });
    await expect(openBucketLog({ ...options, clusters: { home: access(1) } })).rejects.toMatchObject({
      code: 'invalid',
    });
    // Endpoints of the one under the name of the other: found out before anything is written there.
    const swapped = await open({ ...options, clusters: { b: access(2), c: access(1) }, patienceMs: 1_000 });
    const failure = await failureOf(swapped.append('main', [entry(1, 'x')]));
    expect(failure.message).toMatch(/is the cluster "c" of this log, and the settings call it "b"/);
    const plainly = await openEtcdLog({ ...access(0), prefix: ownPrefix() });
    await plainly.close();
    await etcdctl(at(0).cluster, 'put', `${options.prefix}/map`, '{"version":1,"places":["home"]}');
    expect((await failureOf(openBucketLog(options))).message).toMatch(/map of the log's buckets in etcd is broken/);
  });
});
