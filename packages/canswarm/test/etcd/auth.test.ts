import { EtcdError, openEtcdLog } from '@canswarm/log-etcd';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf, collect, textOf } from './collect.ts';
import { ETCD, type EtcdHere, etcdctl, etcdHere, ownPrefix } from './etcd-here.ts';

describe.skipIf(ETCD === null)('a real etcd that asks for passwords', () => {
  let etcd: EtcdHere;
  const ctl = (...args: readonly string[]): Promise<string> => etcdctl(etcd.cluster, '--user=root:rootpw', ...args);

  beforeAll(async () => {
    etcd = await etcdHere({ args: ['--auth-token-ttl=2'] });
    const prepare = (...args: readonly string[]): Promise<string> => etcdctl(etcd.cluster, ...args);
    await prepare('user', 'add', 'root:rootpw');
    await prepare('user', 'grant-role', 'root', 'root');
    await prepare('role', 'add', 'log');
    await prepare('role', 'grant-permission', 'log', '--prefix=true', 'readwrite', 'test/');
    await prepare('user', 'add', 'node:nodepw');
    await prepare('user', 'grant-role', 'node', 'log');
    await prepare('user', 'add', 'guest:guestpw');
    await prepare('auth', 'enable');
  });
  afterAll(() => etcd.dispose());

  const open = (user?: { name: string; password: string }): ReturnType<typeof openEtcdLog> => {
    const about = { endpoints: etcd.cluster.endpoints, prefix: ownPrefix(), patienceMs: 5_000 };
    return openEtcdLog({ ...about, ...(user === undefined ? {} : { user }) });
  };

  it('says whether the user, the password or the right is missing', async () => {
    const cases = [
      [undefined, 'the cluster wants a user'],
      [{ name: 'node', password: 'wrong' }, 'the user or its password is not what the cluster knows'],
      [{ name: 'nobody', password: 'x' }, 'the user or its password is not what the cluster knows'],
      [{ name: 'guest', password: 'guestpw' }, 'etcdctl role grant-permission'],
    ] as const;
    for (const [user, words] of cases) {
      const error: unknown = await open(user).catch((thrown: unknown) => thrown);
      if (!(error instanceof EtcdError)) throw new Error(`it says no fault of etcd: ${String(error)}`);
      expect([error.fault, error.message]).toEqual(['auth', expect.stringContaining(words)]);
    }
  });

  it('lets in who has all three, and again when the session is over', async () => {
    const log = await open({ name: 'node', password: 'nodepw' });
    const texts: string[] = [];
    const both = Promise.withResolvers<void>();
    log.follow('main', 0, (records) => {
      texts.push(...records.map(textOf));
      if (texts.length === 2) both.resolve();
    });
    await log.append('main', [bytesOf('a')]);
    // Any change of users ends the sessions that were begun before it.
    await ctl('user', 'add', 'another:pw');
    await log.append('main', [bytesOf('b')]);
    await both.promise;
    expect((await collect(log, 2)).map(textOf)).toEqual(['a', 'b']);
    await log.close();
  });
});
