import { randomBytes } from 'node:crypto';
import { readText, writeNewText } from '../files.ts';
import { HomeError } from '../home-error.ts';
import type { Secret } from '../secret.ts';
import { passphraseFile } from './passphrase.ts';

/** Name of the file in the home. */
export const MACHINE_PASSPHRASE = 'machine.passphrase';

/**
 * The passphrase of keys that were made without one: 32 random bytes in a file of mode 0600 beside them, as an SSH key
 * without passphrase. It keeps a key file that leaks alone useless, and nothing more. Throws when it is missing.
 */
export function machinePassphrase(path: string): Secret<string> {
  if (readText(path, { privacy: 'private', bytesMax: 4096 }) !== null) return passphraseFile(path);
  throw new HomeError(
    'no_passphrase',
    `${path} is missing`,
    'Keys that were made without a passphrase are opened by this file, and by nothing else.',
    'Put the file back from a copy of the home, or restore the keys: canswarm key import BACKUP',
  );
}

/**
 * The same, made when it is missing. `needed`: keys rely on a file that is gone, so a new one would only hide that. For who
 * holds the lock of the home.
 */
export function makeMachinePassphrase(path: string, needed: boolean): Secret<string> {
  const missing = readText(path, { privacy: 'private', bytesMax: 4096 }) === null;
  if (missing && !needed) writeNewText(path, `${randomBytes(32).toString('base64url')}\n`);
  return machinePassphrase(path);
}
