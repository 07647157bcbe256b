import type { SettingKey } from 'canswarm';
import type { Io } from '../io.ts';
import { safe } from '../text.ts';
import type { OpenNetwork } from './open-network.ts';

/** What work on a log heeds: of which network it is, the way to etcd, and how that is told. */
export const LOG_SETTINGS: readonly SettingKey[] = [
  'network',
  'etcd.endpoints',
  'etcd.user',
  'etcd.password-file',
  'etcd.ca-file',
  'etcd.cert-file',
  'etcd.key-file',
  'etcd.clusters',
  'log.level',
  'log.format',
];

/** What works on a network's log needs. What it tells names nodes of others. */
export function workOf(io: Io, { canswarm, home, folder }: OpenNetwork) {
  const settings = home.config.values;
  const { 'log.level': level, 'log.format': format } = settings;
  const logger = canswarm.createLogger({ level, format, sink: canswarm.streamSink(io.err) });
  return { folder, settings, logger, onProgress: (what: string): void => void io.err.write(`${safe(what)}\n`) };
}
