import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findServer } from 'canswarm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../src/index.ts';
import { HomeNetwork } from './home-network.ts';

const BIN = fileURLToPath(new URL('../bin/canswarm.ts', import.meta.url));
/** Three members, a node and their ends and beginnings on a busy machine, ms. */
const LONG_MS = 480_000;
const exec = promisify(execFile);

/** Where etcd and its tools are; null, and said aloud, where one of them is not installed. */
const TOOLS = await findServer('etcd', process.env).then(
  ({ path }) => (existsSync(join(dirname(path), 'etcdutl')) ? dirname(path) : null),
  () => null,
);
if (TOOLS === null)
  console.warn(
    'SKIPPED: backup and restore of a log in etcd. etcd with etcdctl and etcdutl: npm run install-servers -- etcd',
  );

interface Up {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly endpoints: readonly string[];
}

interface Ports {
  readonly members: readonly { readonly client: number; readonly peer: number }[];
}

interface Moved {
  readonly account: { readonly digest: string; readonly records: number; readonly stateRoot: string };
  readonly found: number;
  readonly copied: number;
}

interface Life {
  readonly signed: number;
  readonly stake: number;
  readonly dropped: readonly { readonly own: readonly { readonly verb: string }[] }[];
}

/** `canswarm cluster up`, as its owner has it run. */
async function clusterUp(home: string): Promise<Up> {
  const child = spawn(process.execPath, [BIN, 'cluster', 'up', '--json', '--home', home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue;
    const { folder, endpoints } = JSON.parse(line) as Omit<Up, 'child'>;
    return { child, folder, endpoints };
  }
  throw new Error('the cluster did not come up');
}

async function clusterDown({ child }: Up): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await ended;
}

/** Every member's data anew from one snapshot, as the runbook of docs/OPERATIONS.md says. */
async function restore(folder: string, snapshot: string): Promise<void> {
  const { members } = JSON.parse(readFileSync(join(folder, 'cluster.json'), 'utf8')) as Ports;
  const peer = (index: number): string => `http://127.0.0.1:${members[index]?.peer}`;
  const all = members.map((_, index) => `m${index + 1}=${peer(index)}`).join(',');
  for (const index of members.keys()) {
    const name = `m${index + 1}`;
    rmSync(join(folder, name), { recursive: true });
    await exec(join(TOOLS ?? '', 'etcdutl'), [
      ...['snapshot', 'restore', snapshot, '--name', name, '--initial-cluster', all],
      ...['--initial-cluster-token', `canswarm-${members[0]?.peer}`],
      ...['--initial-advertise-peer-urls', peer(index), '--data-dir', join(folder, name)],
    ]);
  }
}

describe.skipIf(TOOLS === null)('the log of a network, moved into etcd, lost, restored and moved back', () => {
  const network = new HomeNetwork('log-in-etcd');
  let cluster: Up | null = null;
  beforeAll(async () => {
    await network.up();
  }, LONG_MS);
  afterAll(async () => {
    await network.remove();
    if (cluster !== null && cluster.child.exitCode === null) await clusterDown(cluster);
  }, LONG_MS);

  it('keeps every entry that a node took', { timeout: LONG_MS }, async () => {
    const running = await network.run('migrate', 'log', '--to', 'etcd');
    expect(running).toMatchObject({ exit: EXIT.untrue, err: expect.stringContaining('Stop every node') });
    expect((await network.run('migrate', 'log')).exit).toBe(EXIT.usage);
    expect((await network.run('need', 'post', network.docs, '--ask', 'When does the sun shine?')).exit).toBe(EXIT.ok);
    await network.run('down');

    cluster = await clusterUp(network.home);
    await network.run('config', 'set', 'etcd.endpoints', cluster.endpoints.join(','));
    const moved = await network.json<Moved>('migrate', 'log', '--to', 'etcd');
    expect(moved.copied).toBeGreaterThan(0);
    expect(moved.copied).toBe(moved.account.records);

    await network.up();
    const snapshot = join(network.root, 'log.db');
    await exec(join(TOOLS ?? '', 'etcdctl'), [`--endpoints=${cluster.endpoints[0]}`, 'snapshot', 'save', snapshot]);
    const posted = await network.run('need', 'post', network.docs, '--ask', 'When does it rain?');
    expect(posted.exit).toBe(EXIT.ok);
    await network.run('down');

    await clusterDown(cluster);
    await restore(cluster.folder, snapshot);
    cluster = await clusterUp(network.home);
    const recovered = await network.json<{ found: number; restored: number } & Moved>('recover', 'log');
    expect(recovered.found).toBeGreaterThanOrEqual(moved.account.records);
    expect(recovered.restored).toBeGreaterThan(0);
    expect(recovered.account.records).toBe(recovered.found + recovered.restored);

    await network.up();
    expect((await network.run('status')).exit).toBe(EXIT.ok);
    await network.run('down');

    // The cluster is lost again, and restored; before anybody gave back what it lacks, a home that was itself restored goes on with it.
    const second = join(network.root, 'second.db');
    await exec(join(TOOLS ?? '', 'etcdctl'), [`--endpoints=${cluster.endpoints[0]}`, 'snapshot', 'save', second]);
    const stores = join(network.home, 'networks');
    const copies = join(network.root, 'copies');
    cpSync(stores, copies, { recursive: true });
    await network.up();
    expect((await network.run('need', 'post', network.docs, '--ask', 'What is lost?')).exit).toBe(EXIT.ok);
    await network.run('down');
    await clusterDown(cluster);
    await restore(cluster.folder, second);
    cluster = await clusterUp(network.home);
    const kept = join(network.root, 'kept');
    renameSync(stores, kept);
    renameSync(copies, stores);
    await network.up();
    expect((await network.run('need', 'post', network.docs, '--ask', 'What came instead?')).exit).toBe(EXIT.ok);
    await network.run('down');
    rmSync(stores, { recursive: true });
    renameSync(kept, stores);
    expect((await network.run('recover', 'log')).err).toContain('not a beginning');
    const life = await network.json<Life>('recover', 'log', '--new-life');
    expect(life).toMatchObject({ begun: true, incarnation: 2, signed: life.stake });
    expect(life.dropped[0]?.own.map(({ verb }) => verb)).toContain('NEED');
    await network.up();
    expect((await network.run('status')).exit).toBe(EXIT.ok);
    expect((await network.run('need', 'post', network.docs, '--ask', 'Does it go on?', '--wait')).exit).toBe(EXIT.ok);
    await network.run('down');
    const back = await network.json<Moved>('migrate', 'log', '--rollback');
    expect(back.found).toBe(moved.account.records);
    expect(back.account.records).toBeGreaterThan(recovered.account.records);
    await network.up();
    expect((await network.run('status')).exit).toBe(EXIT.ok);
  });
});
