import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EtcdCluster, type EtcdClusterOptions, findServer, ServerMissing } from '../../src/index.ts';

/** etcd's program; null, and said aloud, where it is not installed: what needs it is then skipped, and counted as that. */
export const ETCD = await findServer('etcd', process.env).then(
  ({ path }) => path,
  (error: unknown) => {
    if (!(error instanceof ServerMissing)) throw error;
    console.warn(`SKIPPED: tests of the log in etcd. ${error.message}. ${error.hint}`);
    return null;
  },
);

/** An etcd older than is worked with, such as that of Debian 12; null, and said aloud, where there is none. */
export const OLD_ETCD = await oldEtcd(process.env['CANSWARM_OLD_ETCD'] ?? '/usr/bin/etcd');

async function oldEtcd(path: string): Promise<string | null> {
  const says = existsSync(path) ? (await promisify(execFile)(path, ['--version'])).stdout : '';
  if (/etcd Version: (?:2|3\.[0-4])\./.test(says)) return path;
  console.warn('SKIPPED: tests of an etcd that is too old. Name one in CANSWARM_OLD_ETCD; Debian 12 has 3.4.');
  return null;
}

export interface EtcdHere {
  readonly cluster: EtcdCluster;
  readonly folder: string;
  /** The same members, ended and started again with other options. */
  again(options: Partial<EtcdClusterOptions>): Promise<EtcdCluster>;
  /** Ends the members, and removes what they kept. */
  dispose(): Promise<void>;
}

/** A cluster of this test's own; it runs. */
export async function etcdHere(
  options: Partial<EtcdClusterOptions> = {},
  prepare: (folder: string) => void = () => undefined,
): Promise<EtcdHere> {
  if (ETCD === null) throw new Error('etcd is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'canswarm-etcd-'));
  prepare(folder);
  const about = { folder, program: ETCD, members: 1, ...options };
  const cluster = await EtcdCluster.open(about);
  const running = [cluster];
  const end = async (): Promise<void> =>
    void (await Promise.all(running.flatMap(({ members }) => members).map((member) => member.kill())));
  const again = async (changed: Partial<EtcdClusterOptions>): Promise<EtcdCluster> => {
    await end();
    const next = await EtcdCluster.open({ ...about, ...changed });
    running.push(next);
    await next.start();
    return next;
  };
  const dispose = async (): Promise<void> => {
    await end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await cluster.start();
  } catch (error) {
    await dispose();
    throw error;
  }
  return { cluster, folder, again, dispose };
}

/** etcd's own client, which is installed beside it. */
export async function etcdctl(cluster: EtcdCluster, ...args: readonly string[]): Promise<string> {
  const program = join(dirname(ETCD ?? ''), 'etcdctl');
  const { stdout } = await promisify(execFile)(program, [`--endpoints=${cluster.endpoints.join(',')}`, ...args]);
  return stdout;
}

let last = 0;
/** A prefix that no other test uses. */
export function ownPrefix(): string {
  last += 1;
  return `test/${process.pid}-${last}`;
}
