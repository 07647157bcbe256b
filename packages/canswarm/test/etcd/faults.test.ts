import { EtcdError, type EtcdLogOptions, openEtcdLog } from '@canswarm/log-etcd';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bytesOf, collect, textOf } from './collect.ts';
import { ETCD, type EtcdHere, etcdctl, etcdHere, ownPrefix } from './etcd-here.ts';

/** Why the log cannot be opened, or used, so. */
async function faultOf(work: Promise<unknown>): Promise<EtcdError> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof EtcdError)) throw new Error(`it says no fault of etcd: ${String(error)}`);
  return error;
}

describe.skipIf(ETCD === null)('what is wrong with a real etcd', () => {
  let etcd: EtcdHere;
  beforeAll(async () => {
    etcd = await etcdHere({ args: ['--max-request-bytes=200000'] });
  });
  afterAll(() => etcd.dispose());

  const options = (more: Partial<EtcdLogOptions> = {}): EtcdLogOptions => ({
    endpoints: etcd.cluster.endpoints,
    prefix: ownPrefix(),
    patienceMs: 1_000,
    ...more,
  });

  it('nobody answers', async () => {
    const { fault, code, message } = await faultOf(openEtcdLog(options({ endpoints: ['http://127.0.0.1:9'] })));
    expect({ fault, code }).toEqual({ fault: 'unreachable', code: 'io' });
    expect(message).toContain('http://127.0.0.1:9');
    expect(message).toContain('ECONNREFUSED');
  });

  it('one of several endpoints does not answer: the others do', async () => {
    const log = await openEtcdLog(options({ endpoints: ['http://127.0.0.1:9', ...etcd.cluster.endpoints] }));
    await log.append('main', [bytesOf('a')]);
    expect((await collect(log, 1)).map(textOf)).toEqual(['a']);
    await log.close();
  });

  it('it speaks no TLS where TLS is asked for', async () => {
    const endpoints = etcd.cluster.endpoints.map((endpoint) => endpoint.replace('http:', 'https:'));
    const { fault, message } = await faultOf(openEtcdLog(options({ endpoints })));
    expect(fault).toBe('certificate');
    expect(message).toContain('http:// where it should be https://');
  });

  it('a user is named and nobody asked for one', async () => {
    const { fault, message } = await faultOf(openEtcdLog(options({ user: { name: 'a', password: 'b' } })));
    expect(fault).toBe('auth');
    expect(message).toContain('etcdctl auth enable');
  });

  it('an entry is larger than the members take: nothing of the append is kept', async () => {
    const log = await openEtcdLog(options());
    onTestFinished(() => log.close());
    const { fault, message } = await faultOf(log.append('main', [bytesOf('small'), new Uint8Array(300_000)]));
    expect(fault).toBe('too_large');
    expect(message).toContain('--max-request-bytes');
    expect(await log.head('main')).toBe(0);
    await log.append('main', [bytesOf('small')]);
    expect((await collect(log, 1)).map(textOf)).toEqual(['small']);
  });

  it('the log was written by another version', async () => {
    const prefix = ownPrefix();
    await etcdctl(etcd.cluster, 'put', `${prefix}/format`, 'canswarm decision log 2');
    const { fault, code, message } = await faultOf(openEtcdLog(options({ prefix })));
    expect({ fault, code }).toEqual({ fault: 'format', code: 'newer' });
    expect(message).toContain('canswarm decision log 2');
  });

  it('the log becomes another version’s while it is open: nothing is written into it', async () => {
    const prefix = ownPrefix();
    const log = await openEtcdLog(options({ prefix }));
    onTestFinished(() => log.close());
    await log.append('main', [bytesOf('a')]);
    await etcdctl(etcd.cluster, 'put', `${prefix}/format`, 'canswarm decision log 2');
    expect((await faultOf(log.append('main', [bytesOf('b')]))).fault).toBe('format');
    expect((await collect(log, 1)).map(textOf)).toEqual(['a']);
    await etcdctl(etcd.cluster, 'del', `${prefix}/format`);
    expect((await faultOf(log.append('main', [bytesOf('b')]))).fault).toBe('lost');
  });

  it('it has less than was read from it', async () => {
    const log = await openEtcdLog(options());
    onTestFinished(() => log.close());
    const { fault, code } = await faultOf(log.follow('main', 2 ** 40, () => {}).ended);
    expect({ fault, code }).toEqual({ fault: 'lost', code: 'corrupt' });
  });

  it('what is stored is not what was written', async () => {
    const prefix = ownPrefix();
    const log = await openEtcdLog(options({ prefix }));
    onTestFinished(() => log.close());
    await log.append('main', [bytesOf('a')]);
    const key = (await etcdctl(etcd.cluster, 'get', '--prefix', `${prefix}/main/g/`, '--keys-only')).trim();
    await etcdctl(etcd.cluster, 'put', key, 'something else');
    expect(await faultOf(log.follow('main', 0, () => {}).ended)).toMatchObject({ fault: 'damaged', code: 'corrupt' });
  });

  it('it is gone for a while: followers tell, then read on, and what was acknowledged is there', async () => {
    const told: (string | null)[] = [];
    const back = Promise.withResolvers<void>();
    const onTrouble = (trouble: EtcdError | null): void => {
      told.push(trouble?.fault ?? null);
      if (trouble === null) back.resolve();
    };
    const log = await openEtcdLog(options({ patienceMs: 20_000, onTrouble }));
    onTestFinished(() => log.close());
    const texts: string[] = [];
    const both = Promise.withResolvers<void>();
    log.follow('main', 0, (records) => {
      texts.push(...records.map(textOf));
      if (texts.length === 2) both.resolve();
    });
    await log.append('main', [bytesOf('a')]);
    const [member] = etcd.cluster.members;
    await member?.kill();
    const appended = log.append('main', [bytesOf('b')]);
    await expect.poll(() => told.length, { timeout: 20_000 }).toBe(1);
    await etcd.cluster.start();
    await Promise.all([appended, both.promise, back.promise]);
    expect(told).toEqual(['unreachable', null]);
    expect(texts).toEqual(['a', 'b']);
  });
});
