import type { Ask, Home, SettingFlags } from 'canswarm';
import { CliFailure, EXIT } from '../failure.ts';
import type { Io } from '../io.ts';
import type { loadCanswarm } from '../load.ts';

export type Canswarm = Awaited<ReturnType<typeof loadCanswarm>>;

/** Options of every command that uses the home. */
export interface HomeFlags {
  readonly home?: string;
  readonly json?: boolean;
  readonly passphraseFile?: string;
}

export const HOME_OPTION = [
  '--home <folder>',
  'where settings, keys and networks are (default: $CANSWARM_HOME, or the data folder of the system)',
] as const;

export const PASSPHRASE_OPTION = ['--passphrase-file <file>', 'the passphrase of keys, as one line of a file'] as const;

/** Opens the home that a command means. Throws HomeError. */
export function openHomeFor(
  io: Io,
  { openHome, Secret }: Canswarm,
  { home, passphraseFile }: HomeFlags,
  flags: SettingFlags = {},
): Home {
  if (home === '')
    throw new CliFailure(EXIT.usage, 'usage', '--home names no folder', '', 'Name one, or leave it out.');
  return openHome({ path: home, env: io.env, flags, passphraseFile, ask: askOf(io, Secret) });
}

/** How a person is asked for a passphrase; undefined where there is none to ask. */
export function askOf({ ask }: Io, SecretClass: Canswarm['Secret']): Ask | undefined {
  return ask === undefined ? undefined : async (question) => new SecretClass(await ask(question));
}
