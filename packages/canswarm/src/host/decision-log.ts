import { existsSync, readFileSync } from 'node:fs';
import { type EtcdAccess, EtcdError, hasEtcdLog, openEtcdLog } from '@canswarm/log-etcd';
import { sqliteLog } from '@canswarm/log-sqlite';
import type { MovableLog } from '@canswarm/ports';
import type { Cid } from '@canswarm/protocol';
import type { SettingValues } from '../home/config/settings.ts';
import { HostError } from './host-error.ts';
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

/** How the settings say that etcd is reached. Throws a HostError when the password cannot be read. */
export function etcdAccess(settings: SettingValues): EtcdAccess {
  const [caFile, certFile, keyFile] = [settings['etcd.ca-file'], settings['etcd.cert-file'], settings['etcd.key-file']];
  const tls = {
    ...(caFile === '' ? {} : { caFile }),
    ...(certFile === '' ? {} : { certFile }),
    ...(keyFile === '' ? {} : { keyFile }),
  };
  const name = settings['etcd.user'];
  const user = name === '' ? {} : { user: { name, password: passwordIn(settings['etcd.password-file']) } };
  return { endpoints: settings['etcd.endpoints'], ...(Object.keys(tls).length === 0 ? {} : { tls }), ...user };
}

function passwordIn(path: string): string {
  const hint = 'Set etcd.password-file to a file that holds it, and that this user may read.';
  if (path === '') throw new HostError('log_unreachable', 'etcd.user is set and etcd.password-file is not', hint);
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch (error) {
    throw new HostError('log_unreachable', `the password of etcd.user cannot be read from ${path}`, hint, {
      cause: error,
    });
  }
}

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

/** Opens a node's log. Rejects with a HostError, or a StorageError of a log in a file. */
export async function openDecisionLog(
  place: string,
  settings: SettingValues,
  problems: Problems,
  { toMove = false }: { readonly toMove?: boolean } = {},
): Promise<MovableLog> {
  const found = logPlace(place);
  if (found.kind === 'sqlite') {
    return sqliteLog({ path: found.path, toMove, onWatch: (problem) => problems.note('watch', problem) });
  }
  const onTrouble = (trouble: EtcdError | null): void => problems.note('log', trouble);
  try {
    return await openEtcdLog({ ...etcdAccess(settings), prefix: found.prefix, onTrouble, toMove });
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    const hint =
      'Nothing was changed. Is the cluster there? On this machine: canswarm cluster up. See what is wrong: canswarm doctor';
    throw new HostError('log_unreachable', error.message, hint, { cause: error });
  }
}
