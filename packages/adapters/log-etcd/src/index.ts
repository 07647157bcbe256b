/**
 * The decision log in an etcd cluster:
 *
 *     const log = await openEtcdLog({ endpoints: ['http://127.0.0.1:2379'], prefix: 'canswarm/my-network' });
 *     log.follow('main', 0, (records) => apply(records));
 *     await log.append('main', [entry]); // durable on most members
 */

export { type BucketLogOptions, openBucketLog } from './buckets/bucket-log.ts';
export { type BucketMap, CLUSTER_NAME as ETCD_CLUSTER_NAME, HOME as HOME_CLUSTER } from './buckets/bucket-map.ts';
export { type BucketsReport, type ClusterReport, examineBuckets } from './buckets/examine-buckets.ts';
export { type MoveBucketOptions, type MovedBucket, moveBucket } from './buckets/move-bucket.ts';
export { type ClientOptions as EtcdAccess, EtcdClient, type EtcdTls, type EtcdUser, type Patience } from './client.ts';
export { EtcdError, type EtcdFault } from './etcd-error.ts';
export { type EtcdLogOptions, hasEtcdLog, openEtcdLog } from './etcd-log.ts';
export { examineEtcd, isTooOld, LEAST_VERSION, type MemberReport } from './examine.ts';
export { type PresenceOptions, presentAt } from './presence.ts';
