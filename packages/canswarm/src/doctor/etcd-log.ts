import { examineEtcd, isTooOld, LEAST_VERSION, type MemberReport } from '@canswarm/log-etcd';
import type { SettingValues } from '../home/config/settings.ts';
import { etcdAccess } from '../host/decision-log.ts';
import type { Finding } from './finding.ts';

const ANSWER_MS = 2_000;
const MEBIBYTE = 1024 * 1024;
const NAME = 'decision log';
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
