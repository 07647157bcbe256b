import { existsSync } from 'node:fs';
import { type BucketLogOptions, EtcdError, hasEtcdLog, openBucketLog, openEtcdLog } from '@canswarm/log-etcd';
import { sqliteLog } from '@canswarm/log-sqlite';
import type { MovableLog } from '@canswarm/ports';
import type { Cid } from '@canswarm/protocol';
import type { SettingValues } from '../home/config/settings.ts';
import { entryKey } from './entry-key.ts';
import { etcdAccess, etcdClusters } from './etcd-access.ts';
import { HostError } from './host-error.ts';
import { logNodeSays } from './log-nodes.ts';
import type { NodeFile } from './node-file.ts';
import type { Problems } from './problems.ts';

/** Where a network's decision log is, as its nodes' files and invitations say it. */
export type LogPlace =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'etcd'; readonly prefix: string };

const ETCD = 'etcd:';

/** Reads where a log is: `etcd:` and the prefix of its keys, or the path of a file. */
export const logPlace = (text: string): LogPlace =>
  text.startsWith(ETCD) ? { kind: 'etcd', prefix: text.slice(ETCD.length) } : { kind: 'sqlite', path: text };

/** Where a network that is made in etcd keeps its log. */
export const etcdPlace = (network: Cid): string => `${ETCD}canswarm/${network}`;

/** How long a cluster may take to say whether it keeps a log, ms. */
const ASK_MS = 5_000;

/** Rejects with a HostError unless the log of a network is where it should be, so that nobody begins another in its name. */
export async function assertLogThere(place: string, settings: SettingValues): Promise<void> {
  const found = logPlace(place);
  const there = (what: string, hint: string, cause?: unknown): HostError =>
    new HostError('log_unreachable', what, hint, cause === undefined ? {} : { cause });
  if (found.kind === 'sqlite') {
    if (existsSync(found.path)) return;
    const hint =
      'Processes of one machine share the log file. A network over several machines needs a log that all of them reach.';
    throw there(`there is no decision log at ${found.path}`, hint);
  }
  const hint =
    'This network keeps its log in etcd: name the members of that cluster, as who invites you has them: canswarm config set etcd.endpoints URLS';
  const access = etcdAccess(settings);
  const isThere = await hasEtcdLog(access, found.prefix, ASK_MS).catch((error: unknown) => {
    if (!(error instanceof EtcdError)) throw error;
    throw there(error.message, hint, error);
  });
  if (!isThere) throw there(`etcd at ${access.endpoints.join(', ')} has no log of this network`, hint);
}

export interface OpenLogOptions {
  /** In how many buckets its content is, as the genesis says. A file has none. */
  readonly buckets: number;
  /** The node that will be at it, for others to see; none where somebody only works on it. */
  readonly node?: NodeFile;
  /** To read and extend it although it was moved. */
  readonly toMove?: boolean;
}

/** How a log in etcd of several buckets is reached. Throws a HostError when a password cannot be read. */
export const bucketAccess = (prefix: string, settings: SettingValues, buckets: number): BucketLogOptions => ({
  ...etcdAccess(settings),
  ...{ prefix, buckets, clusters: etcdClusters(settings), keyOf: entryKey },
});

/** Opens a node's log. Rejects with a HostError, or a StorageError of a log in a file. */
export async function openDecisionLog(
  place: string,
  settings: SettingValues,
  problems: Problems,
  { buckets, node, toMove = false }: OpenLogOptions,
): Promise<MovableLog> {
  const found = logPlace(place);
  if (found.kind === 'sqlite') {
    return sqliteLog({ path: found.path, toMove, onWatch: (problem) => problems.note('watch', problem) });
  }
  const onTrouble = (trouble: EtcdError | null): void => problems.note('log', trouble);
  const { prefix } = found;
  const unseen = (trouble: EtcdError | null): void => problems.note('presence', trouble);
  const presence = node === undefined ? {} : { presence: { said: logNodeSays(node), onTrouble: unseen } };
  const how = { onTrouble, toMove, ...presence };
  try {
    return buckets === 1
      ? await openEtcdLog({ ...etcdAccess(settings), prefix, ...how })
      : await openBucketLog({ ...bucketAccess(prefix, settings, buckets), ...how });
  } catch (error) {
    throw unreached(error);
  }
}

/** A HostError for what a cluster says. */
export function unreached(error: unknown): unknown {
  if (!(error instanceof EtcdError)) return error;
  const hint =
    error.fault === 'topology'
      ? 'Nothing was changed. Each home names the clusters alike: canswarm config show etcd.clusters. See what is wrong: canswarm doctor'
      : 'Nothing was changed. Is the cluster there? On this machine: canswarm cluster up. See what is wrong: canswarm doctor';
  return new HostError('log_unreachable', error.message, hint, { cause: error });
}
