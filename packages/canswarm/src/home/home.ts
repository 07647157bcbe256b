import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Config, readConfig, type SettingFlags, setInFile } from './config/config.ts';
import { CONFIG_FILE } from './config/config-file.ts';
import type { SettingKey, SettingValues } from './config/settings.ts';
import { writeText } from './files.ts';
import { assertPrivateFolder, dataFolder, type Environment, makePrivateFolder } from './folder.ts';
import { attempt, HomeError } from './home-error.ts';
import { KeyStore, type PassphraseOf } from './keys/key-store.ts';
import { MACHINE_PASSPHRASE } from './keys/machine-passphrase.ts';
import { type Ask, passphraseFor } from './keys/passphrase.ts';
import { withLock } from './lock.ts';
import type { Secret } from './secret.ts';
import { type FileFormat, formatJson, newestVersion, readVersioned } from './versioned-file.ts';

export interface HomeOptions {
  /** Value of --home; wins over `CANSWARM_HOME` and the data folder of the system. */
  readonly path?: string | undefined;
  /** The environment. Default: that of the process. */
  readonly env?: Environment;
  /** Values of setting flags. */
  readonly flags?: SettingFlags;
  /** Value of --passphrase-file. */
  readonly passphraseFile?: string | undefined;
  /** Asks for a passphrase on a terminal, once for all keys; absent where nobody can be asked. */
  readonly ask?: Ask | undefined;
}

/** Where the data of this user lives: settings, keys, networks. */
export interface Home {
  readonly path: string;
  readonly configFile: string;
  /** Read when it is first asked for: throws `invalid` for a file, flag or variable that is not right. */
  readonly config: Config;
  readonly keys: KeyStore;
  /** Whether it was made yet. */
  readonly exists: boolean;
  /** Writes one setting to the configuration file, or takes it out (null). Throws `invalid`. */
  set(key: string, text: string | null): Promise<SettingValues[SettingKey] | null>;
  /** Makes the folder when it is missing; whatever writes through the home does so by itself. */
  make(): void;
}

const HOME_FILE = 'home.json';
const LOCK_FILE = '.lock';
/** Longest wait for another process that changes the home. */
const LOCK_MS = 30_000;

const FORMAT: FileFormat = { kind: 'home', privacy: 'public', bytesMax: 4096, migrations: [] };

/** What a person may have put there before canswarm first ran. */
const OURS = [CONFIG_FILE, MACHINE_PASSPHRASE, 'keys', 'networks'];

/**
 * Opens the home: checks owner, permissions and version of what is there, and reads the configuration. Makes nothing;
 * whatever writes makes the home first. Throws HomeError.
 */
export function openHome(options: HomeOptions = {}): Home {
  const { env = process.env, flags = {}, ask, passphraseFile: file } = options;
  const path = resolve(options.path ?? dataFolder(env, process.platform));
  const exists = assertHome(path);
  const make = (): void => {
    makePrivateFolder(path);
    if (assertHome(path)) return;
    const version = newestVersion(FORMAT);
    writeText(join(path, HOME_FILE), formatJson({ format: 'canswarm home', version }));
  };
  const exclusively = async <T>(work: () => Promise<T>): Promise<T> => {
    make();
    makePrivateFolder(join(path, 'keys'));
    return withLock(join(path, LOCK_FILE), LOCK_MS, work);
  };
  const configFile = join(path, CONFIG_FILE);
  let config: Config | null = null;
  let passphrase: Promise<Secret<string>> | null = null;
  const passphraseOf: PassphraseOf = ({ name }) => {
    passphrase ??= passphraseFor(`the key ${name}`, { env, file, ask });
    return passphrase;
  };
  return {
    path,
    exists,
    configFile,
    get config() {
      config ??= readConfig(configFile, { env, flags });
      return config;
    },
    keys: new KeyStore({ path, exclusively, passphraseOf }),
    set: (key, text) => exclusively(async () => setInFile(configFile, key, text)),
    make,
  };
}

/** Whether a home is there. Throws when the folder is somebody else's, of a newer version or of something else. */
function assertHome(path: string): boolean {
  if (!assertPrivateFolder(path)) return false;
  // Listed first: what another process has made by now, the read below finds too.
  const names = attempt(path, () => readdirSync(path));
  if (readVersioned(join(path, HOME_FILE), FORMAT)?.['format'] === 'canswarm home') return true;
  const ours = (name: string): boolean =>
    name.startsWith('.') || OURS.some((own) => name === own || name.startsWith(`${own}.v`));
  const strange = names.find((name) => !ours(name));
  if (strange === undefined) return false;
  throw new HomeError(
    'not_a_home',
    `${path} is no home of canswarm: it holds ${JSON.stringify(strange)}`,
    'A home holds nothing else, so that `clean` can never remove what is not ours.',
    'Choose an empty or new folder: --home FOLDER or CANSWARM_HOME',
  );
}
