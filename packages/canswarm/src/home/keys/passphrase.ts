import { join } from 'node:path';
import { readText } from '../files.ts';
import type { Environment } from '../folder.ts';
import { HomeError } from '../home-error.ts';
import { Secret } from '../secret.ts';

/** Asks a person on a terminal, without echo. */
export type Ask = (question: string) => Promise<Secret<string>>;

export interface PassphraseSources {
  readonly env: Environment;
  /** Value of --passphrase-file. */
  readonly file?: string | undefined;
  /** Absent where nobody can be asked. */
  readonly ask?: Ask | undefined;
}

/** Name of the credential that systemd hands over (LoadCredential=canswarm-passphrase:...). */
const CREDENTIAL = 'canswarm-passphrase';
const FILE_BYTES_MAX = 4096;
const LENGTH_MIN = 8;
const LENGTH_MAX = 1024;

const HOW =
  'Give it with --passphrase-file FILE, CANSWARM_PASSPHRASE_FILE, CANSWARM_PASSPHRASE or a systemd credential named canswarm-passphrase, or run this in a terminal.';

/**
 * The passphrase that was given without a question, the first of: --passphrase-file, CANSWARM_PASSPHRASE_FILE,
 * CANSWARM_PASSPHRASE, the file canswarm-passphrase in systemd's CREDENTIALS_DIRECTORY. Null when there is none. Throws
 * `permissions` for a file that others can read.
 */
export function givenPassphrase({ env, file }: PassphraseSources): Secret<string> | null {
  const {
    CANSWARM_PASSPHRASE_FILE: variableFile,
    CANSWARM_PASSPHRASE: variable,
    CREDENTIALS_DIRECTORY: credentials,
  } = env;
  if (file !== undefined) return passphraseFile(file);
  if (isSet(variableFile)) return passphraseFile(variableFile);
  if (isSet(variable)) return passphrase(variable, 'CANSWARM_PASSPHRASE');
  if (!isSet(credentials)) return null;
  // The system guards that folder; its files may carry the mode of an access list.
  const path = join(credentials, CREDENTIAL);
  const text = readText(path, { privacy: 'any', bytesMax: FILE_BYTES_MAX });
  return text === null ? null : passphrase(firstLine(text), path);
}

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

/** The passphrase in a file: its first and only line. Throws `permissions` when others can read it. */
export function passphraseFile(path: string): Secret<string> {
  const text = readText(path, { privacy: 'private', bytesMax: FILE_BYTES_MAX });
  if (text !== null) return passphrase(firstLine(text), path);
  throw new HomeError('no_passphrase', `there is no passphrase file ${path}`, 'No passphrase was read.', HOW);
}

function firstLine(text: string): string {
  const [line = '', ...rest] = text.split(/\r?\n/);
  // What follows is no passphrase that we may disregard: more likely the wrong file was named.
  return rest.every((one) => one === '') ? line : '';
}

function passphrase(text: string, where: string): Secret<string> {
  const length = text.length;
  if (length > 0 && length <= LENGTH_MAX) return new Secret(normal(text));
  const means = `A passphrase is one line of at most ${LENGTH_MAX} characters.`;
  throw new HomeError('invalid', `${where} holds no passphrase`, means, 'Put the passphrase there as one line.');
}

/** The same passphrase typed on another system is the same bytes (RFC 8265, OpaqueString). */
const normal = (text: string): string => text.normalize('NFC');

/** The passphrase that opens what is there: given, or asked for. Throws `no_passphrase` where there is neither. */
export async function passphraseFor(what: string, sources: PassphraseSources): Promise<Secret<string>> {
  const given = givenPassphrase(sources);
  if (given !== null) return given;
  if (sources.ask === undefined) {
    throw new HomeError('no_passphrase', `${what} needs a passphrase`, 'None was given, and nobody can be asked.', HOW);
  }
  return typed(await sources.ask(`Passphrase of ${what}: `));
}

/**
 * A new passphrase that a person types twice; null when it is left empty. Throws `invalid` when both differ or it is short.
 */
export async function newPassphrase(question: string, ask: Ask): Promise<Secret<string> | null> {
  const first = await ask(`${question}: `);
  if (first.reveal() === '') return null;
  const strong = assertStrong(typed(first));
  const second = typed(await ask('Again: '));
  if (strong.reveal() === second.reveal()) return strong;
  const means = 'A passphrase that was mistyped could never be given again.';
  throw new HomeError('invalid', 'the two passphrases differ', means, 'Try again. Nothing was changed.');
}

const typed = (text: Secret<string>): Secret<string> => passphrase(text.reveal(), 'what was typed');

/** A passphrase for something new; throws `invalid` when it is too short to protect anything. */
export function assertStrong(text: Secret<string>): Secret<string> {
  if ([...text.reveal()].length >= LENGTH_MIN) return text;
  const means = 'Whoever gets the file can try millions of short ones.';
  const todo = `Choose at least ${LENGTH_MIN} characters; several words are good.`;
  throw new HomeError('invalid', 'the passphrase is too short', means, todo);
}
