import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { examineEtcdLog } from '../../src/doctor/etcd-log.ts';
import type { Finding } from '../../src/index.ts';
import { openHome } from '../../src/index.ts';
import { ETCD, type EtcdHere, etcdctl, etcdHere, OLD_ETCD } from '../etcd/etcd-here.ts';

/** What doctor says of the log with such settings. */
async function examine(settings: Readonly<Record<string, string>>): Promise<Finding> {
  const path = mkdtempSync(join(tmpdir(), 'canswarm-doctor-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return examineEtcdLog(openHome({ path, env: settings }).config.values);
}

const at = (...endpoints: readonly string[]): Readonly<Record<string, string>> => ({
  CANSWARM_ETCD_ENDPOINTS: endpoints.join(','),
});

describe.skipIf(ETCD === null)('what doctor says of a log in a real etcd', () => {
  let three: EtcdHere;
  let one: EtcdHere;
  beforeAll(async () => {
    [three, one] = await Promise.all([etcdHere({ members: 3 }), etcdHere()]);
  });
  afterAll(() => Promise.all([three.dispose(), one.dispose()]));

  it('all is well', async () => {
    const { status, found } = await examine(at(...three.cluster.endpoints));
    expect([status, found]).toEqual(['ok', expect.stringMatching(/^etcd 3\.\S+, 3 of 3 members answer, revision \d+/)]);
  });

  it('members end one after another: one more may fail, then nothing is decided, then nobody answers', async () => {
    const { members, endpoints } = three.cluster;
    const [first, second, third] = members;
    await first?.kill();
    // Until another leads, there is none.
    await expect
      .poll(() => examine(at(...endpoints)), { timeout: 20_000 })
      .toMatchObject({
        status: 'warning',
        found: expect.stringContaining('2 of 3 members answer'),
        means: expect.stringContaining('One more that fails may stop it'),
        todo: expect.stringContaining(first?.clientUrl ?? 'nobody'),
      });
    await second?.kill();
    await expect
      .poll(() => examine(at(...endpoints)), { timeout: 20_000 })
      .toMatchObject({ status: 'failed', found: '1 of 3 etcd members answer, and none knows a leader' });
    await third?.kill();
    const { status, found, todo } = await examine(at(...endpoints));
    expect([status, found]).toEqual(['failed', expect.stringContaining('ECONNREFUSED')]);
    expect(todo).toContain('canswarm cluster up');
    await three.cluster.start();
    expect((await examine(at(...endpoints))).status).toBe('ok');
  });

  it('the endpoints are of two clusters', async () => {
    const { status, found, means } = await examine(at(...three.cluster.endpoints, ...one.cluster.endpoints));
    expect([status, found]).toEqual(['failed', 'the endpoints are of different etcd clusters']);
    expect(means).toContain('they would never agree');
  });

  it('TLS is asked for where there is none', async () => {
    const endpoints = one.cluster.endpoints.map((endpoint) => endpoint.replace('http:', 'https:'));
    const { status, todo } = await examine(at(...endpoints));
    expect([status, todo]).toEqual(['failed', expect.stringContaining('etcd.ca-file')]);
  });

  it('a user is named without a password', async () => {
    const user = { ...at(...one.cluster.endpoints), CANSWARM_ETCD_USER: 'node' };
    expect(await examine(user)).toMatchObject({
      status: 'failed',
      found: 'etcd.user is set and etcd.password-file is not',
      todo: expect.stringContaining('etcd.password-file'),
    });
  });

  it.skipIf(OLD_ETCD === null)('a member is too old', async () => {
    const old = await etcdHere(OLD_ETCD === null ? {} : { program: OLD_ETCD });
    onTestFinished(() => old.dispose());
    const { status, found } = await examine(at(...old.cluster.endpoints));
    expect([status, found]).toEqual(['failed', expect.stringMatching(/is version 3\.4\.\d+, and 3\.5 or newer/)]);
  });

  it('its space is used up', async () => {
    const cluster = await one.again({ args: [`--quota-backend-bytes=${2 * 1024 * 1024}`] });
    const value = 'x'.repeat(100_000);
    const fill = async (): Promise<void> => {
      for (;;) await etcdctl(cluster, 'put', 'x', value);
    };
    await expect(fill()).rejects.toThrow('database space exceeded');
    const { status, found, todo } = await examine(at(...cluster.endpoints));
    expect([status, found]).toEqual(['failed', expect.stringContaining('NOSPACE')]);
    expect(todo).toContain('etcdctl alarm disarm');
  });
});
