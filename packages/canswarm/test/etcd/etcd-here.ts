import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
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

export interface EtcdHere {
  readonly cluster: EtcdCluster;
  /** Ends the members, and removes what they kept. */
  dispose(): Promise<void>;
}

/** A cluster of this test's own; it runs. */
export async function etcdHere(options: Partial<EtcdClusterOptions> = {}): Promise<EtcdHere> {
  if (ETCD === null) throw new Error('etcd is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'canswarm-etcd-'));
  const cluster = await EtcdCluster.open({ folder, program: ETCD, members: 1, ...options });
  const dispose = async (): Promise<void> => {
    await Promise.all(cluster.members.map((member) => member.kill()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await cluster.start();
  } catch (error) {
    await dispose();
    throw error;
  }
  return { cluster, dispose };
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
