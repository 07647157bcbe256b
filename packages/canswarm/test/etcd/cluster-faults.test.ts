import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EtcdError, type EtcdLogOptions, hasEtcdLog, openEtcdLog } from '@canswarm/log-etcd';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { bytesOf, collect, textOf } from './collect.ts';
import { ETCD, type EtcdHere, etcdctl, etcdHere, OLD_ETCD, ownPrefix } from './etcd-here.ts';

async function faultOf(work: Promise<unknown>): Promise<EtcdError> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof EtcdError)) throw new Error(`it says no fault of etcd: ${String(error)}`);
  return error;
}

/** Another cluster with the same address for clients: it differs in that of its member. */
function giveAddress(from: string, to: string): void {
  const text = readFileSync(join(from, 'cluster.json'), 'utf8');
  writeFileSync(
    join(to, 'cluster.json'),
    text.replace(/"peer": *(\d+)/, (_, port) => `"peer": ${Number(port) - 1}`),
  );
}

describe.skipIf(ETCD === null)('real clusters of etcd that are none for a log', () => {
  const all: EtcdHere[] = [];
  afterEach(() => Promise.all(all.splice(0).map((one) => one.dispose())));

  const start = async (...about: Parameters<typeof etcdHere>): Promise<EtcdHere> => {
    const here = await etcdHere(...about);
    all.push(here);
    return here;
  };
  const options = (endpoints: readonly string[], more: Partial<EtcdLogOptions> = {}): EtcdLogOptions => ({
    endpoints,
    prefix: ownPrefix(),
    patienceMs: 2_000,
    ...more,
  });

  it.skipIf(OLD_ETCD === null)('a version that is too old: it is named, and nothing is written to it', async () => {
    const { cluster } = await start(OLD_ETCD === null ? {} : { program: OLD_ETCD });
    const about = options(cluster.endpoints);
    const { fault, message } = await faultOf(openEtcdLog(about));
    expect(fault).toBe('version');
    expect(message).toMatch(/^etcd at http:\S+ is version 3\.4\.\d+, and 3\.5 or newer is needed: upgrade it/);
    expect(await etcdctl(cluster, 'get', '--prefix', about.prefix)).toBe('');
  });

  it('endpoints of two clusters: both are named, and nothing is written to either', async () => {
    const [{ cluster: one }, { cluster: other }] = [await start(), await start()];
    const about = options([...one.endpoints, ...other.endpoints]);
    const { fault, message } = await faultOf(openEtcdLog(about));
    expect(fault).toBe('cluster');
    for (const endpoint of about.endpoints) expect(message).toContain(endpoint);
    for (const cluster of [one, other]) expect(await etcdctl(cluster, 'get', '--prefix', about.prefix)).toBe('');
  });

  it('an endpoint that becomes another cluster’s: nothing is read from it or written to it, and nothing is lost', async () => {
    const { cluster: ours, folder } = await start();
    const about = options(ours.endpoints);
    const told: (EtcdError | null)[] = [];
    const log = await openEtcdLog({ ...about, onTrouble: (trouble) => told.push(trouble) });
    onTestFinished(() => log.close());
    const texts: string[] = [];
    log.follow('main', 0, (records) => void texts.push(...records.map(textOf)));
    await log.append('main', [bytesOf('a')]);
    await expect.poll(() => texts).toEqual(['a']);
    await ours.members[0]?.kill();
    // It has our endpoint, and a log under the same prefix that has come further.
    const { cluster: theirs } = await start({}, (other) => giveAddress(folder, other));
    expect(theirs.endpoints).toEqual(ours.endpoints);
    const stranger = await openEtcdLog(about);
    for (let i = 0; i < 20; i += 1) await stranger.append('main', [bytesOf(`stranger ${i}`)]);
    await stranger.close();
    const { fault, message } = await faultOf(log.append('main', [bytesOf('b')]));
    expect(fault).toBe('cluster');
    expect(message).toMatch(/it is of another cluster \([0-9a-f]+\) than the one that answered before \([0-9a-f]+\)/);
    await expect.poll(() => told.at(-1)?.fault, { timeout: 10_000 }).toBe('cluster');
    await theirs.members[0]?.kill();
    await ours.start();
    await log.append('main', [bytesOf('b'), bytesOf('c')]);
    await expect.poll(() => texts, { timeout: 10_000 }).toEqual(['a', 'b', 'c']);
    expect(told.at(-1)).toBeNull();
  });

  it('another cluster’s log, where an earlier life read ours: it is not taken for it', async () => {
    const [{ cluster: ours }, { cluster: theirs }] = [await start(), await start()];
    const about = options(ours.endpoints);
    const log = await openEtcdLog(about);
    await log.append('main', [bytesOf('a')]);
    const cursor = await log.head('main');
    await log.close();
    const stranger = await openEtcdLog({ ...about, endpoints: theirs.endpoints });
    onTestFinished(() => stranger.close());
    for (let i = 0; i < 20; i += 1) await etcdctl(theirs, 'put', `other/${i}`, 'x');
    await stranger.append('main', [bytesOf('stranger')]);
    const { fault, code, message } = await faultOf(stranger.follow('main', cursor, () => undefined).ended);
    expect([fault, code]).toEqual(['lost', 'corrupt']);
    expect(message).toContain('it is not the log that was read');
    expect(await hasEtcdLog({ endpoints: theirs.endpoints }, ownPrefix(), 5_000)).toBe(false);
  });

  it('its space is used up: that is said, nothing of the append is kept, and it goes on when there is space again', async () => {
    const { cluster, again } = await start({ args: [`--quota-backend-bytes=${8 * 1024 * 1024}`] });
    const log = await openEtcdLog(options(cluster.endpoints));
    onTestFinished(() => log.close());
    let kept = 0;
    const fill = async (): Promise<never> => {
      for (;;) {
        await log.append('main', [new Uint8Array(500_000).fill(kept + 1)]);
        kept += 1;
      }
    };
    const { fault, code, message } = await faultOf(fill());
    expect([fault, code]).toEqual(['no_space', 'full']);
    expect(message).toContain('etcdctl alarm disarm');
    expect(await collect(log, kept)).toHaveLength(kept);
    await etcdctl(await again({ args: [] }), 'alarm', 'disarm');
    await log.append('main', [bytesOf('later')]);
    expect((await collect(log, kept + 1)).map(({ bytes }) => bytes.length)).toEqual([...Array(kept).fill(500_000), 5]);
  });
});
