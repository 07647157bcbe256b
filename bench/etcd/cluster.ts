import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EtcdCluster, findServer } from 'canswarm';

/** Does something with three members of etcd on this machine, on disks that are synced as always. */
export async function withCluster<T>(task: (endpoints: readonly string[]) => Promise<T>): Promise<T> {
  const { path: program } = await findServer('etcd', process.env);
  const folder = mkdtempSync(join(tmpdir(), 'canswarm-bench-'));
  const cluster = await EtcdCluster.open({ folder, program });
  try {
    await cluster.start();
    return await task(cluster.endpoints);
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
