import type { Disputes } from '@canswarm/kernel';
import { THREADS_MAX } from '@canswarm/local';
import { CONTACT } from '@canswarm/node';
import { LOG_BUCKETS_MAX } from '@canswarm/protocol';
import { LOG_FORMATS, LOG_LEVELS } from '../log/log-line.ts';
import { clustersSetting } from './clusters-setting.ts';
import {
  addressSetting,
  bytesSetting,
  choiceSetting,
  endpointsSetting,
  fileSetting,
  multiaddrsSetting,
  nameSetting,
  numberSetting,
  type Setting,
  switchSetting,
  userSetting,
} from './setting.ts';

const DISPUTES = ['off', 'facts', 'all'] as const satisfies readonly Disputes[];

const DECISION_LOGS = ['sqlite', 'etcd'] as const;

/**
 * Everything that can be set. Its key is the same word in the file, in `config set`, as a flag and as a variable; help,
 * variables and `docs/CONFIG.md` come from this table.
 */
export const SETTINGS = {
  network: nameSetting({ summary: 'the network that commands mean', fallback: 'local' }),
  'listen.address': addressSetting({
    summary: 'where a node listens; another machine reaches it only on an address of the network',
    fallback: '127.0.0.1',
  }),
  'listen.port': numberSetting({
    summary: 'TCP port that a node listens on; 0: the one chosen when the node was made',
    unit: null,
    fallback: 0,
    least: 0,
    most: 65_535,
  }),
  bootstrap: multiaddrsSetting({ summary: 'peers that a node dials at its start', fallback: [] }),
  mdns: switchSetting({ summary: 'find peers on the local network, and be found by them', fallback: false }),
  'api.port': numberSetting({
    summary: 'TCP port of the HTTP API, for who has the token in the folder of the node; 0: only its socket',
    unit: null,
    fallback: 0,
    least: 0,
    most: 65_535,
  }),
  'api.address': addressSetting({
    summary: 'where the HTTP API listens; anything but this machine also needs api.expose',
    fallback: '127.0.0.1',
  }),
  'api.expose': switchSetting({
    summary: 'let other machines reach the HTTP API, though the token passes in the clear',
    fallback: false,
  }),
  log: choiceSetting({
    summary: 'what keeps the decision log of a network that is made: a file of this machine, or an etcd cluster',
    words: DECISION_LOGS,
    fallback: 'sqlite',
  }),
  'log.buckets': numberSetting({
    summary: 'in how many buckets the log of a network that is made spreads its content over the clusters of etcd',
    unit: null,
    fallback: 1,
    least: 1,
    most: LOG_BUCKETS_MAX,
  }),
  'etcd.endpoints': endpointsSetting({
    summary: 'members of the etcd cluster that keeps decision logs, more than one so that any may fail',
    fallback: ['http://127.0.0.1:2379'],
  }),
  'etcd.user': userSetting({ summary: 'who a node is to etcd, where that asks for passwords', fallback: '' }),
  'etcd.password-file': fileSetting({ summary: 'a file with the password of etcd.user', fallback: '' }),
  'etcd.ca-file': fileSetting({
    summary: 'the authority that certificates of https endpoints must be of, in PEM; none: those of the system',
    fallback: '',
  }),
  'etcd.cert-file': fileSetting({
    summary: 'the certificate of a node, where etcd asks for one, in PEM',
    fallback: '',
  }),
  'etcd.key-file': fileSetting({ summary: 'the key of etcd.cert-file, in PEM', fallback: '' }),
  'etcd.clusters': clustersSetting({
    summary:
      'further clusters of etcd for buckets of logs, by name: endpoints, user, passwordFile, caFile, certFile, keyFile',
    fallback: {},
  }),
  'log.level': choiceSetting({
    summary: 'the least important line that is logged',
    words: LOG_LEVELS,
    fallback: 'info',
  }),
  'log.format': choiceSetting({
    summary: 'log lines for people, or one JSON object each',
    words: LOG_FORMATS,
    fallback: 'text',
  }),
  'connections.max': numberSetting({
    summary: 'peers that a node is connected to at once',
    unit: 'connections',
    fallback: 256,
    least: 1,
    most: 10_000,
  }),
  'contact.every-ms': numberSetting({
    summary: 'how often a node looks whether it is cut off from the log or its peers',
    unit: 'ms',
    fallback: CONTACT.everyMs,
    least: 50,
    most: 600_000,
  }),
  'contact.deadline-ms': numberSetting({
    summary: 'how long the log, or a peer, may take to answer such a look',
    unit: 'ms',
    fallback: CONTACT.deadlineMs,
    least: 10,
    most: 600_000,
  }),
  'contact.misses': numberSetting({
    summary: 'looks in a row without an answer, until the node counts as cut off',
    unit: 'looks',
    fallback: CONTACT.misses,
    least: 1,
    most: 1_000,
  }),
  'contact.answers': numberSetting({
    summary: 'looks in a row with an answer, until it counts as cut off no more',
    unit: 'looks',
    fallback: CONTACT.answers,
    least: 1,
    most: 1_000,
  }),
  'contact.wait-ms': numberSetting({
    summary: 'how long a command waits for a log that is lost, before it is refused',
    unit: 'ms',
    fallback: CONTACT.waitMs,
    least: 1,
    most: 60_000,
  }),
  'skill.threads': numberSetting({
    summary: 'skills that a node runs at once, each in a thread of its own',
    unit: 'threads',
    fallback: 2,
    least: 1,
    most: THREADS_MAX,
  }),
  'challenge.disputes': choiceSetting({
    summary:
      'which results that a key finds wrong it has a jury decide by itself; facts: unless acceptance is an opinion',
    words: DISPUTES,
    fallback: 'facts',
  }),
  'plants.percent': numberSetting({
    summary: 'of 100 needs that are settled, how many this node posts again to have a wrong result judged',
    unit: '%',
    fallback: 0,
    least: 0,
    most: 100,
  }),
  'content.bytes-max': bytesSetting({
    summary: 'the largest artifact (all its blocks) that a node fetches from peers',
    fallback: 256 * 2 ** 20,
    least: 2 ** 20,
    most: 2 ** 40,
  }),
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

export type SettingKey = keyof typeof SETTINGS;
type ValueOf<S> = S extends Setting<infer T> ? T : never;
/** A value for each setting. */
export type SettingValues = { readonly [Key in SettingKey]: ValueOf<(typeof SETTINGS)[Key]> };

export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[];

/** A setting, whatever its value's type. */
export const settingOf = (key: SettingKey): Setting<unknown> => SETTINGS[key];

export const isSettingKey = (text: string): text is SettingKey => Object.hasOwn(SETTINGS, text);

/** `listen.port` is the variable `CANSWARM_LISTEN_PORT`. */
export const variableOf = (key: SettingKey): string => `CANSWARM_${key.toUpperCase().replace(/[.-]/g, '_')}`;

/** `listen.port` is the flag `--listen-port`. */
export const flagOf = (key: SettingKey): string => `--${key.replaceAll('.', '-')}`;

/** A value for people, with its unit; `none` for nothing. */
export function showSetting(key: SettingKey, value: unknown): string {
  const { show, unit } = settingOf(key);
  const shown = show(value);
  if (shown === '') return 'none';
  return unit !== null && /^[0-9]+$/.test(shown) ? `${shown} ${unit}` : shown;
}

/** The table of `docs/CONFIG.md`. */
export function settingsMarkdown(): string {
  const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
  const rows = SETTING_KEYS.map((key) => {
    const { summary, unit, fallback, argument, show } = settingOf(key);
    const value = show(fallback) === '' ? 'none' : code(show(fallback));
    return [code(key), summary, unit ?? '', value, code(`${flagOf(key)} ${argument}`), code(variableOf(key))];
  });
  const head = ['key', 'what it is', 'unit', 'default', 'flag', 'variable'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}
