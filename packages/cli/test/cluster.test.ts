import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findServer, type MemberNote, ServerMissing } from 'canswarm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT, main } from '../src/index.ts';
import { type FakeIo, fakeIo, lastJson } from './fake-io.ts';
import { HomeNetwork, LONG_MS } from './home-network.ts';

const BIN = fileURLToPath(new URL('../bin/canswarm.ts', import.meta.url));

/** Whether there is an etcd; what needs one is else skipped, and counted as that. */
const hasEtcd = await findServer('etcd', process.env).then(
  () => true,
  (error: unknown) => {
    if (!(error instanceof ServerMissing)) throw error;
    console.warn(`SKIPPED: clusters of this machine. ${error.message}. ${error.hint}`);
    return false;
  },
);

interface Cluster {
  readonly endpoints: readonly string[];
  readonly members: readonly { readonly name: string; readonly pid: number; readonly endpoint: string }[];
  readonly used: boolean;
}

/** Empty of a process that ended, also while nobody asked how. */
function commandOf(pid = 0): string {
  const path = `/proc/${pid}/cmdline`;
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** `canswarm cluster up` of a home, which runs until it is interrupted. */
class Running {
  readonly io: FakeIo = fakeIo({ env: process.env });
  readonly #exit: Promise<number>;

  constructor(home: string, ...more: readonly string[]) {
    this.#exit = main(['cluster', 'up', '--json', '--home', home, ...more], this.io);
  }

  /** To be asked at once: it is told once. */
  cluster(): Promise<Cluster> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`it does not run: ${this.io.err.text}`)), LONG_MS);
      const write = this.io.out.write.bind(this.io.out);
      this.io.out.write = (text) => {
        write(text);
        clearTimeout(late);
        resolve(lastJson(this.io) as Cluster);
      };
    });
  }

  async stop(): Promise<number> {
    this.io.interrupt();
    return this.#exit;
  }
}

it('says what is missing where there is no etcd', async () => {
  const home = mkdtempSync(join(tmpdir(), 'canswarm-none-'));
  const io = fakeIo({ env: { PATH: join(home, 'bin'), CANSWARM_SERVERS: join(home, 'servers') } });
  expect(await main(['cluster', 'up', '--home', home], io)).toBe(EXIT.environment);
  expect(io.err.text).toMatch(/etcd[\s\S]*No cluster can run here without it/);
  rmSync(home, { recursive: true, force: true });
});

describe.skipIf(!hasEtcd)('a cluster of this machine', () => {
  const ours = new HomeNetwork('cluster');
  const theirs = new HomeNetwork('cluster-guest');
  let running: Running;
  let cluster: Cluster;
  beforeAll(async () => {
    running = new Running(ours.home, '--use');
    cluster = await running.cluster();
  }, LONG_MS);
  afterAll(async () => {
    await Promise.all([ours.remove(), theirs.remove()]);
    await running.stop();
  }, LONG_MS);

  it('runs three members on loopback, and is what the home uses', async () => {
    expect(cluster.members.map(({ name }) => name)).toEqual(['m1', 'm2', 'm3']);
    for (const { endpoint } of cluster.members) expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { settings } = await ours.json<{ settings: { key: string; value: unknown }[] }>('config', 'show');
    const settingOf = (key: string): unknown => settings.find((one) => one.key === key)?.value;
    expect([settingOf('log'), settingOf('etcd.endpoints'), cluster.used]).toEqual(['etcd', cluster.endpoints, true]);
  });

  it('keeps the log of a network that is made, and of who joins it from elsewhere', { timeout: LONG_MS }, async () => {
    await ours.up('--org', 'acme');
    const { out: invitation } = await ours.run('invite');
    const refused = await theirs
      .start('join', invitation.trim(), '--org', 'globex')
      .catch((error: Error) => error.message);
    expect(refused).toMatch(/etcd[\s\S]*canswarm config set etcd\.endpoints/);
    await theirs.run('config', 'set', 'etcd.endpoints', cluster.endpoints.join(','));
    await theirs.start('join', invitation.trim(), '--org', 'globex');
    const digestOf = async (network: HomeNetwork): Promise<string> =>
      (await network.json<{ nodes: { digest: string; position: number }[] }>('status')).nodes[0]?.digest ?? '';
    await expect.poll(async () => (await digestOf(theirs)) === (await digestOf(ours)), { timeout: LONG_MS }).toBe(true);
  });

  it('goes on without one of three, says which one ended, and doctor does too', { timeout: LONG_MS }, async () => {
    const [first] = cluster.members;
    process.kill(first?.pid ?? 0, 'SIGKILL');
    await expect.poll(() => running.io.err.text).toContain('the member m1 ended by itself');
    const log = async (): Promise<unknown> => {
      const { findings } = await ours.json<{ findings: { name: string }[] }>('doctor');
      return findings.find(({ name }) => name === 'decision log');
    };
    await expect
      .poll(log, { timeout: LONG_MS })
      .toMatchObject({ status: 'warning', found: expect.stringContaining('2 of 3 members answer') });
    const { out } = await ours.run('need', 'post', ours.docs, '--ask', 'When does it rain?', '--wait');
    expect(out).toContain('final');
  });

  it('is run once, and says what runs and how to use and stop it', async () => {
    const again = await ours.run('cluster', 'up');
    expect(again.exit).toBe(EXIT.untrue);
    expect(again.err).toMatch(/runs already: m1 stopped .*, m2 process \d+ .*canswarm cluster stop MEMBER/s);
    expect(again.err).toContain(`canswarm config set etcd.endpoints ${cluster.endpoints.join(',')}`);
  });

  it('starts a member again, and stops one in order, when that is asked', { timeout: LONG_MS }, async () => {
    const started = await ours.json<MemberNote>('cluster', 'start', 'm1');
    expect(started).toEqual({ ...cluster.members[0], pid: expect.any(Number) });
    await expect
      .poll(async () => (await ours.run('doctor')).out, { timeout: LONG_MS })
      .toContain('3 of 3 members answer');
    const stopped = await ours.run('cluster', 'stop', 'm2');
    expect([stopped.exit, running.io.err.text]).toEqual([
      EXIT.ok,
      expect.stringContaining('the member m2 was stopped'),
    ]);
    expect(() => process.kill(cluster.members[1]?.pid ?? 0, 0)).toThrow();
    expect((await ours.run('cluster', 'stop', 'm9')).err).toContain('It has: m1, m2, m3');
  });

  it('ends in order, and comes again with what it kept', { timeout: LONG_MS }, async () => {
    await Promise.all([ours.run('down'), theirs.run('down')]);
    expect(await running.stop()).toBe(EXIT.ok);
    expect(await ours.run('cluster', 'start', 'm1')).toMatchObject({ exit: EXIT.environment });
    running = new Running(ours.home);
    expect((await running.cluster()).endpoints).toEqual(cluster.endpoints);
    await ours.up();
    const { needs } = await ours.json<{ needs: unknown[] }>('need', 'list');
    expect(needs).toHaveLength(1);
  });
});

it.skipIf(!hasEtcd)('ends members that a killed cluster left, and runs them again', { timeout: LONG_MS }, async () => {
  const home = mkdtempSync(join(tmpdir(), 'canswarm-left-'));
  const killed = spawn(process.execPath, [BIN, 'cluster', 'up', '--json', '--members', '1', '--home', home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(killed.stdout, 'data')) as [Buffer];
  const [left] = (JSON.parse(line.toString()) as Cluster).members;
  const ended = once(killed, 'exit');
  killed.kill('SIGKILL');
  await ended;
  expect(commandOf(left?.pid)).toContain('--name=m1');
  const running = new Running(home);
  const { members } = await running.cluster();
  expect(running.io.err.text).toContain('m1 still ran from a "cluster up" that was killed');
  expect(members[0]).toMatchObject({ name: 'm1', endpoint: left?.endpoint });
  expect(commandOf(left?.pid)).toBe('');
  expect(await running.stop()).toBe(EXIT.ok);
  rmSync(home, { recursive: true, force: true });
});
