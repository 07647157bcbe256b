import {
  type BucketMap,
  type ClusterReport,
  EtcdError,
  examineBuckets,
  examineEtcd,
  HOME_CLUSTER,
  isTooOld,
  LEAST_VERSION,
  type MemberReport,
} from '@canswarm/log-etcd';
import type { SettingValues } from '../home/config/settings.ts';
import { bucketAccess } from '../host/decision-log.ts';
import { etcdAccess } from '../host/etcd-access.ts';
import { logNodeText, nodesAtLog } from '../host/log-nodes.ts';
import type { Finding } from './finding.ts';

const ANSWER_MS = 2_000;
const MEBIBYTE = 1024 * 1024;
const NAME = 'decision log';
const MAP = 'buckets of the log';
const LISTED_MAX = 50;
const STANDS = 'Nothing that nodes say counts until then. Nothing is lost: they say again what is still due.';

/** Asks the members of the cluster that keeps the log how they are. Changes nothing. */
export async function examineEtcdLog(settings: SettingValues): Promise<Finding> {
  try {
    return etcdFinding(await examineEtcd(etcdAccess(settings), ANSWER_MS));
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    const todo =
      error instanceof Error && 'hint' in error ? String(error.hint) : 'Look at the settings: canswarm config show';
    return { name: NAME, status: 'failed', found, means: 'Nodes cannot open the log so.', todo };
  }
}

/** The same of a log of several buckets: its map, and each cluster. */
export async function examineBucketLog(
  prefix: string,
  settings: SettingValues,
  buckets: number,
): Promise<readonly Finding[]> {
  try {
    const { map, clusters, error } = await examineBuckets(bucketAccess(prefix, settings, buckets), ANSWER_MS);
    const found = error?.message ?? '';
    const todo = 'See what is said of the clusters below, and: canswarm config show etcd.clusters';
    const means = 'Nodes cannot open the log so.';
    const first: Finding =
      map === null ? { name: MAP, status: 'failed', found, means, todo } : mapFinding(map, clusters);
    return [first, ...clusters.map((cluster) => clusterFinding(cluster, clusters.length))];
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    const todo = error instanceof Error && 'hint' in error ? String(error.hint) : 'Look at: canswarm config show';
    return [{ name: MAP, status: 'failed', found, means: 'Nodes cannot open the log so.', todo }];
  }
}

function mapFinding({ version, places, moving }: BucketMap, clusters: readonly ClusterReport[]): Finding {
  const told = clusters.map(({ name, buckets }) => `${name}: ${buckets.length === 0 ? 'none' : rangesOf(buckets)}`);
  const found = `${places.length} buckets, map ${version}; ${told.join('; ')}`;
  if (moving === null) return { name: MAP, status: 'ok', found, means: '', todo: '' };
  return {
    name: MAP,
    status: 'warning',
    found: `${found}; bucket ${moving.bucket} is being moved to "${moving.to}"`,
    means: 'At the end of a move entries of that bucket wait; where it was interrupted they wait until it is ended.',
    todo: `Unless somebody moves it now: canswarm migrate bucket ${moving.bucket} --to ${moving.to}`,
  };
}

/** Who says that it has a log open; while the cluster does not answer, nothing. */
export async function examineNodesAt(prefix: string, settings: SettingValues): Promise<readonly Finding[]> {
  const name = 'nodes at the log';
  try {
    const nodes = await nodesAtLog(prefix, settings);
    const found = nodes.length === 0 ? 'none' : listed(nodes.map(logNodeText));
    return [{ name, status: 'ok', found, means: '', todo: '' }];
  } catch (error) {
    if (!(error instanceof EtcdError) || error.fault === 'unreachable' || error.fault === 'no_quorum') return [];
    const means = 'Who is there cannot be seen from here. The log goes on.';
    return [
      { name, status: 'warning', found: error.message, means, todo: 'Give etcd.user the right to read the log.' },
    ];
  }
}

function listed(texts: readonly string[]): string {
  const more = texts.length - LISTED_MAX;
  return more > 0 ? `${texts.slice(0, LISTED_MAX).join('; ')}; and ${more} more` : texts.join('; ');
}

/** Such as `0-2, 5`. */
function rangesOf(buckets: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const bucket of buckets) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === bucket - 1) last[1] = bucket;
    else ranges.push([bucket, bucket]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

function clusterFinding({ name, buckets, members, error }: ClusterReport, all: number): Finding {
  const title = `${NAME}, cluster ${name}`;
  const finding = members.length === 0 ? null : etcdFinding(members);
  if (finding !== null && (finding.status === 'failed' || error === null)) {
    if (name === HOME_CLUSTER || finding.status !== 'failed') return { ...finding, name: title };
    const what =
      buckets.length === 0
        ? 'No bucket is there: nothing stands still.'
        : `The order goes on; entries of bucket ${rangesOf(buckets)}, and who has yet to read them, wait.`;
    return { ...finding, name: title, means: what };
  }
  const means = `Entries of bucket ${rangesOf(buckets)} cannot be read or written from here, of ${all} clusters.`;
  return {
    name: title,
    status: 'failed',
    found: error?.message ?? '',
    means,
    todo: 'Correct etcd.clusters: canswarm config set etcd.clusters JSON',
  };
}

type Answer = Extract<MemberReport, { readonly error: null }>;

/** What the members' answers mean. */
function etcdFinding(reports: readonly MemberReport[]): Finding {
  const failed = (found: string, todo: string, means = STANDS): Finding => ({
    name: NAME,
    status: 'failed',
    found,
    means,
    todo,
  });
  const answers = reports.filter((report): report is Answer => report.error === null);
  const silent = reports.flatMap(({ error }) => (error === null ? [] : [error]));
  const [first] = answers;
  if (first === undefined) {
    const found = silent.map(({ message }) => message).join('; ');
    return failed(found === '' ? 'no endpoint of etcd is named' : found, todoFor(silent.map(({ fault }) => fault)));
  }
  if (new Set(answers.map(({ clusterId }) => clusterId)).size > 1) {
    const means = 'Nodes that reach different clusters have different logs: they would never agree.';
    return failed(
      'the endpoints are of different etcd clusters',
      'Name members of one: canswarm config set etcd.endpoints',
      means,
    );
  }
  const old = answers.find(({ version }) => isTooOld(version));
  if (old !== undefined) {
    const found = `etcd at ${old.endpoint} is version ${old.version}, and ${LEAST_VERSION} or newer is needed`;
    return failed(found, 'Upgrade the members, one after another.', 'Nodes do not open the log so.');
  }
  const led = answers.find(({ leader }) => leader !== null);
  if (led === undefined) {
    const found = `${answers.length} of ${reports.length} etcd members answer, and none knows a leader`;
    return failed(found, 'More than half of the members must run and reach each other: start those that are down.');
  }
  const alarms = [...new Set(answers.flatMap(({ errors }) => errors))];
  if (alarms.length > 0) {
    const todo =
      'For NOSPACE: compact, defragment, or raise --quota-backend-bytes, then: etcdctl alarm disarm. For CORRUPT: replace that member.';
    return failed(`etcd raises an alarm: ${alarms.join('; ')}`, todo);
  }
  const size = Math.ceil(Math.max(...answers.map(({ dbSizeInUse }) => dbSizeInUse)) / MEBIBYTE);
  const found = `etcd ${first.version}, ${answers.length} of ${reports.length} members answer, revision ${led.revision}, ${size} MiB`;
  if (silent.length === 0) return { name: NAME, status: 'ok', found, means: '', todo: '' };
  const means = 'The log goes on while more than half of the members do. One more that fails may stop it.';
  const todo = `Start it again, or replace it: ${silent.map(({ message }) => message).join('; ')}`;
  return { name: NAME, status: 'warning', found, means, todo };
}

function todoFor(faults: readonly string[]): string {
  if (faults.includes('certificate'))
    return 'Repair the certificates, or the settings that name them: etcd.ca-file, etcd.cert-file, etcd.key-file.';
  if (faults.includes('auth')) return 'Set etcd.user and etcd.password-file to a user who may write the log.';
  return 'Start the cluster: on this machine, canswarm cluster up. If it runs elsewhere: canswarm config set etcd.endpoints URLS';
}
