import { EtcdError } from '../etcd-error.ts';
import { sha256 } from '../layout.ts';

export const BUCKETS_MAX = 256;
/** What the cluster is called that keeps the order, the map and, unless they are moved, all buckets. */
export const HOME = 'home';
/** Names of clusters. */
export const CLUSTER_NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** In which cluster the content of each bucket is. */
export interface BucketMap {
  /** Grows with each change. */
  readonly version: number;
  /** The clusters' names, by bucket. */
  readonly places: readonly string[];
  /** The bucket that is being moved. */
  readonly moving: { readonly bucket: number; readonly to: string } | null;
}

/** In which of so many buckets the content lies that belongs to a key, such as a need; without one it is in the first. */
export const bucketOf = (key: Uint8Array | null, buckets: number): number =>
  key === null ? 0 : sha256(key).readUInt32BE(0) % buckets;

/** Buckets dealt over clusters in turn. */
export const dealt = (buckets: number, clusters: readonly string[]): BucketMap => ({
  version: 1,
  places: Array.from({ length: buckets }, (_, bucket) => clusters[bucket % clusters.length] ?? HOME),
  moving: null,
});

export const textOfMap = ({ version, places, moving }: BucketMap): string =>
  JSON.stringify({ version, places, moving });

/** Throws an EtcdError `topology` for what is no map of so many buckets. */
export function readMap(text: string, buckets: number): BucketMap {
  const broken = (what: string): EtcdError =>
    new EtcdError(
      'topology',
      `the map of the log's buckets in etcd is broken: ${what}: restore the cluster from a snapshot`,
    );
  let found: Partial<Record<'version' | 'places' | 'moving', unknown>> | null;
  try {
    found = JSON.parse(text);
  } catch {
    throw broken('it is no JSON');
  }
  const { version, places, moving = null } = found ?? {};
  if (!Number.isSafeInteger(version)) throw broken('it has no version');
  if (!Array.isArray(places) || places.length !== buckets)
    throw broken(`it does not name a cluster for each of ${buckets} buckets`);
  if (!places.every((name) => typeof name === 'string' && CLUSTER_NAME.test(name)))
    throw broken('a cluster has no name');
  return { version: Number(version), places, moving: readMoving(moving, buckets, broken) };
}

function readMoving(found: unknown, buckets: number, broken: (what: string) => EtcdError): BucketMap['moving'] {
  if (found === null) return null;
  const { bucket, to } = found as Partial<Record<'bucket' | 'to', unknown>>;
  const isOne = typeof bucket === 'number' && Number.isSafeInteger(bucket) && bucket >= 0 && bucket < buckets;
  if (!isOne || typeof to !== 'string' || !CLUSTER_NAME.test(to)) throw broken('what is being moved is no bucket');
  return { bucket, to };
}
