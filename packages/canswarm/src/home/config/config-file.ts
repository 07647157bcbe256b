import { writeText } from '../files.ts';
import { HomeError } from '../home-error.ts';
import { type FileFormat, formatJson, newestVersion, readVersioned } from '../versioned-file.ts';
import { nearest } from './nearest.ts';
import { isSettingKey, SETTING_KEYS, type SettingKey, type SettingValues, settingOf } from './settings.ts';

export const CONFIG_FILE = 'canswarm.config.json';

const FORMAT: FileFormat = { kind: 'configuration', privacy: 'public', bytesMax: 65_536, migrations: [] };

/** The settings that a configuration file names. Empty when there is no file. Throws `invalid` with every fault of it. */
export function readConfigFile(path: string): Partial<SettingValues> {
  const document = readVersioned(path, FORMAT);
  if (document === null) return {};
  const found: [SettingKey, unknown][] = [];
  const faults: string[] = [];
  for (const [key, value] of Object.entries(document)) {
    if (key === 'version') continue;
    if (!isSettingKey(key)) {
      faults.push(unknownKey(key));
      continue;
    }
    const read = settingOf(key).read(value);
    if (read.ok) found.push([key, read.value]);
    else faults.push(`${key} is ${JSON.stringify(value)?.slice(0, 80)}, and ${read.due} is due`);
  }
  if (faults.length === 0) return Object.fromEntries(found) as Partial<SettingValues>;
  throw new HomeError(
    'invalid',
    `${path} is not right: ${faults.join('; ')}`,
    'Settings that would be disregarded are refused, so that none is lost unnoticed.',
    'Correct the file, or set values with: canswarm config set KEY VALUE',
  );
}

/** What to say about a key that does not exist. */
export function unknownKey(key: string): string {
  const meant = nearest(key, SETTING_KEYS);
  return `there is no setting ${JSON.stringify(key.slice(0, 80))}${meant === null ? '' : `: did you mean ${meant}?`}`;
}

/** Writes the file anew, settings in the order of the table. */
export function writeConfigFile(path: string, values: Partial<SettingValues>): void {
  const kept = SETTING_KEYS.filter((key) => values[key] !== undefined).map((key) => [key, values[key]] as const);
  writeText(path, formatJson({ version: newestVersion(FORMAT), ...Object.fromEntries(kept) }));
}
