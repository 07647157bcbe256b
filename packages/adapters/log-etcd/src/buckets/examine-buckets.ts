import type { ClientOptions } from '../client.ts';
import { EtcdError, etcdError } from '../etcd-error.ts';
import { examineEtcd, type MemberReport } from '../examine.ts';
import { type BucketLogOptions, topologyOf } from './bucket-log.ts';
import { type BucketMap, HOME } from './bucket-map.ts';

/** How one cluster of a log with buckets is. */
export interface ClusterReport {
  readonly name: string;
  /** Those that the map says are there. */
  readonly buckets: readonly number[];
  readonly members: readonly MemberReport[];
  /** What does not fit: it is another cluster than the settings say, or is not known here. */
  readonly error: EtcdError | null;
}

export interface BucketsReport {
  readonly map: BucketMap | null;
  readonly clusters: readonly ClusterReport[];
  /** Why the map could not be read. */
  readonly error: EtcdError | null;
}

/** Asks each cluster of a log by itself. Never rejects; changes nothing. */
export async function examineBuckets(options: BucketLogOptions, timeoutMs: number): Promise<BucketsReport> {
  const topology = topologyOf(options);
  const patience = { withinMs: timeoutMs };
  try {
    const read = await topology.map(patience).then(
      (map) => ({ map, error: null }),
      (error: unknown) => ({ map: null, error: etcdError(error) }),
    );
    const named = new Set([...topology.names, ...(read.map?.places ?? [])]);
    const clusters = [...named].map(async (name): Promise<ClusterReport> => {
      const access = accessOf(options, name);
      const buckets = (read.map?.places ?? []).flatMap((place, bucket) => (place === name ? [bucket] : []));
      if (access === null) {
        const what = `the cluster "${name}" is not known here: name it and its members in etcd.clusters`;
        return { name, buckets, members: [], error: new EtcdError('topology', what) };
      }
      const members = await examineEtcd(access, timeoutMs);
      const error = buckets.length === 0 ? null : await verdict(topology.clusterAt(name, patience));
      return { name, buckets, members, error };
    });
    return { ...read, clusters: await Promise.all(clusters) };
  } finally {
    topology.close();
  }
}

const accessOf = ({ clusters, ...home }: BucketLogOptions, name: string): ClientOptions | null =>
  name === HOME ? home : (clusters[name] ?? null);

const verdict = (done: Promise<unknown>): Promise<EtcdError | null> => done.then(() => null, etcdError);
