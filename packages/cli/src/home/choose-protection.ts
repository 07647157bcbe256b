import type { Protection, Secret } from 'canswarm';
import { CliFailure, EXIT } from '../failure.ts';
import type { Io } from '../io.ts';
import { safe } from '../text.ts';
import { askOf, type Canswarm, type HomeFlags } from './home-options.ts';

/** What shall protect a key that is made here: what was given, what a person types, or else the machine's file. */
export async function protectionFor(
  io: Io,
  { assertStrong, givenPassphrase, newPassphrase, Secret: SecretClass }: Canswarm,
  what: string,
  { passphrase, passphraseFile }: HomeFlags & { readonly passphrase: boolean },
): Promise<Protection> {
  if (!passphrase && passphraseFile !== undefined) {
    const todo = 'Leave out one of them.';
    throw new CliFailure(EXIT.usage, 'usage', '--no-passphrase and --passphrase-file exclude each other', '', todo);
  }
  if (!passphrase) return 'machine';
  const given = givenPassphrase({ env: io.env, file: passphraseFile });
  if (given !== null) return assertStrong(given);
  const ask = askOf(io, SecretClass);
  if (ask === undefined) return 'machine';
  return (await newPassphrase(`New passphrase for ${safe(what)} (empty: none)`, ask)) ?? 'machine';
}

/** A new passphrase from a file or a person; null when the person wants none. */
export async function chosenPassphrase(
  io: Io,
  { assertStrong, newPassphrase, passphraseFile, Secret: SecretClass }: Canswarm,
  { flag, file, question }: { readonly flag: string; readonly file: string | undefined; readonly question: string },
): Promise<Secret<string> | null> {
  if (file !== undefined) return assertStrong(passphraseFile(file));
  const ask = askOf(io, SecretClass);
  if (ask === undefined) throw noPassphrase('a new passphrase is needed', flag);
  return newPassphrase(question, ask);
}

/** The end of a command that needs a passphrase and cannot ask for one. */
export const noPassphrase = (what: string, flag: string): CliFailure =>
  new CliFailure(
    EXIT.environment,
    'no_passphrase',
    what,
    'None was given, and nobody can be asked.',
    `Give it with ${flag} FILE, or run this in a terminal.`,
  );
