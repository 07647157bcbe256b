import { type MovedBucket, moveBucket } from '@canswarm/log-etcd';
import type { SettingValues } from '../home/config/settings.ts';
import { bucketAccess, logPlace, unreached } from '../host/decision-log.ts';
import { HostError } from '../host/host-error.ts';
import type { NetworkFolder } from '../host/network-folder.ts';
import { nodesOf, placeOf } from './switch-nodes.ts';

export interface MoveBucketOptions {
  readonly folder: NetworkFolder;
  readonly settings: SettingValues;
  readonly bucket: number;
  /** The cluster, by its name in `etcd.clusters`, or `home`. */
  readonly to: string;
  readonly onProgress: (what: string) => void;
}

/** Moves a bucket of a network's log in etcd to another cluster, while its nodes run. Rejects with a HostError. */
export async function moveLogBucket({
  folder,
  settings,
  bucket,
  to,
  onProgress,
}: MoveBucketOptions): Promise<MovedBucket> {
  const { buckets = 1 } = folder.genesis();
  const place = logPlace(placeOf(folder, nodesOf(folder)));
  if (place.kind === 'sqlite')
    throw new HostError(
      'usage',
      `the log of "${folder.name}" is a file`,
      'Move it into etcd first: canswarm migrate log --to etcd',
    );
  if (buckets === 1) {
    const hint = 'It is said when a network is made: canswarm up --log etcd --log-buckets N';
    throw new HostError('usage', `the log of "${folder.name}" has one bucket, which is where its order is`, hint);
  }
  try {
    return await moveBucket({ ...bucketAccess(place.prefix, settings, buckets), bucket, to, onProgress });
  } catch (error) {
    throw unreached(error);
  }
}
