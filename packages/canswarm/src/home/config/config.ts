import type { Environment } from '../folder.ts';
import { HomeError } from '../home-error.ts';
import { readConfigFile, unknownKey, writeConfigFile } from './config-file.ts';
import { nearest } from './nearest.ts';
import {
  flagOf,
  isSettingKey,
  SETTING_KEYS,
  type SettingKey,
  type SettingValues,
  settingOf,
  variableOf,
} from './settings.ts';

/** Where a value came from. */
export type Origin = 'flag' | 'variable' | 'file' | 'default';

/** Values of flags as they were written, by key. */
export type SettingFlags = { readonly [Key in SettingKey]?: string | undefined };

/** The settings that hold: a flag wins over a variable, that over the file, that over the default. */
export interface Config {
  readonly path: string;
  readonly values: SettingValues;
  readonly origins: Readonly<Record<SettingKey, Origin>>;
  /** What is probably a mistake: variables that look like settings and are none. */
  readonly warnings: readonly string[];
}

/** Variables that are ours and no settings. */
const OTHER_VARIABLES = [
  'CANSWARM_HOME',
  'CANSWARM_PASSPHRASE',
  'CANSWARM_PASSPHRASE_FILE',
  'CANSWARM_SERVERS',
  'CANSWARM_ETCD',
  'CANSWARM_OPA',
  'CANSWARM_NATS',
  'CANSWARM_KUBO',
];

/** Reads the configuration. Throws `invalid`, naming the flag, variable or file, for a value that is none. */
export function readConfig(path: string, { env, flags }: { env: Environment; flags: SettingFlags }): Config {
  const file = readConfigFile(path);
  const values: [SettingKey, unknown][] = [];
  const origins: [SettingKey, Origin][] = [];
  for (const key of SETTING_KEYS) {
    const { value, origin } = resolveSetting(key, file, env, flags);
    values.push([key, value]);
    origins.push([key, origin]);
  }
  return {
    path,
    values: Object.fromEntries(values) as SettingValues,
    origins: Object.fromEntries(origins) as Record<SettingKey, Origin>,
    warnings: warningsOf(env),
  };
}

function resolveSetting(
  key: SettingKey,
  file: Partial<SettingValues>,
  env: Environment,
  flags: SettingFlags,
): { readonly value: unknown; readonly origin: Origin } {
  const [flag, variable] = [flags[key], env[variableOf(key)]];
  if (flag !== undefined) return { value: parse(key, flag, flagOf(key)), origin: 'flag' };
  // An empty variable is how shells and units unset one.
  if (variable !== undefined && variable !== '')
    return { value: parse(key, variable, variableOf(key)), origin: 'variable' };
  if (file[key] !== undefined) return { value: file[key], origin: 'file' };
  return { value: settingOf(key).fallback, origin: 'default' };
}

function parse(key: SettingKey, text: string, where: string): unknown {
  const read = settingOf(key).parse(text);
  if (read.ok) return read.value;
  const what = `${where} is ${JSON.stringify(text.slice(0, 80))}, and ${read.due} is due`;
  throw new HomeError('invalid', what, `${key}: ${settingOf(key).summary}.`, 'Correct it. See: canswarm config show');
}

function warningsOf(env: Environment): readonly string[] {
  const known = [...SETTING_KEYS.map(variableOf), ...OTHER_VARIABLES];
  const strange = Object.keys(env).filter((name) => name.startsWith('CANSWARM_') && !known.includes(name));
  return strange.map((name) => {
    const meant = nearest(name, known);
    return `the variable ${name} means nothing${meant === null ? '' : `: did you mean ${meant}?`}`;
  });
}

/** Changes one setting of the file, or takes it out (`text` null), and gives the file's new value. Not safe by itself. */
export function setInFile(path: string, key: string, text: string | null): SettingValues[SettingKey] | null {
  if (!isSettingKey(key)) {
    const means = 'Only settings of the table can be set.';
    throw new HomeError('invalid', unknownKey(key), means, 'List them with: canswarm config show');
  }
  const { [key]: _before, ...others } = readConfigFile(path);
  const value = text === null ? null : (parse(key, text, key) as SettingValues[SettingKey]);
  writeConfigFile(path, value === null ? others : { ...others, [key]: value });
  return value;
}
