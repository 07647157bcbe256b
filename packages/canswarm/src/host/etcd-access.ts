import { readFileSync } from 'node:fs';
import type { EtcdAccess } from '@canswarm/log-etcd';
import type { EtcdClusterSetting } from '../home/config/clusters-setting.ts';
import type { SettingValues } from '../home/config/settings.ts';
import { HostError } from './host-error.ts';

/** How the settings say that etcd is reached: the cluster that keeps the order of logs. Throws a HostError when the password cannot be read. */
export const etcdAccess = (settings: SettingValues): EtcdAccess =>
  accessOf(['etcd.user', 'etcd.password-file'], {
    endpoints: settings['etcd.endpoints'],
    user: settings['etcd.user'],
    passwordFile: settings['etcd.password-file'],
    caFile: settings['etcd.ca-file'],
    certFile: settings['etcd.cert-file'],
    keyFile: settings['etcd.key-file'],
  });

/** The same of the further clusters, by name. */
export const etcdClusters = (settings: SettingValues): Readonly<Record<string, EtcdAccess>> =>
  Object.fromEntries(
    Object.entries(settings['etcd.clusters']).map(([name, cluster]) => [
      name,
      accessOf([`etcd.clusters ${name}.user`, `etcd.clusters ${name}.passwordFile`], cluster),
    ]),
  );

/** What the user and its password file are called in the settings. */
type Names = readonly [user: string, passwordFile: string];

function accessOf(names: Names, { endpoints, user = '', passwordFile = '', ...files }: EtcdClusterSetting): EtcdAccess {
  const { caFile = '', certFile = '', keyFile = '' } = files;
  const tls = {
    ...(caFile === '' ? {} : { caFile }),
    ...(certFile === '' ? {} : { certFile }),
    ...(keyFile === '' ? {} : { keyFile }),
  };
  const own = user === '' ? {} : { user: { name: user, password: passwordIn(names, passwordFile) } };
  return { endpoints, ...(Object.keys(tls).length === 0 ? {} : { tls }), ...own };
}

function passwordIn([user, file]: Names, path: string): string {
  const hint = `Set ${file} to a file that holds it, and that this user may read.`;
  if (path === '') throw new HostError('log_unreachable', `${user} is set and ${file} is not`, hint);
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch (error) {
    throw new HostError('log_unreachable', `the password of ${user} cannot be read from ${path}`, hint, {
      cause: error,
    });
  }
}
