import type { Home, KeyInfo, KeyKind, Protection, Secret } from 'canswarm';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import type { Io } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { report } from '../report.ts';
import { safe } from '../text.ts';
import { chosenPassphrase, noPassphrase, protectionFor } from './choose-protection.ts';
import { describeKey, describeKeys, machineNote, RESTORED_NOTE } from './describe-key.ts';
import { askOf, type HomeFlags, openHomeFor } from './home-options.ts';

export interface NewFlags extends HomeFlags {
  readonly kind: KeyKind;
  readonly of?: string;
  /** False for --no-passphrase. */
  readonly passphrase: boolean;
}

export interface BackupFlags extends HomeFlags {
  readonly backupPassphraseFile?: string;
}

export interface ImportFlags extends BackupFlags {
  readonly name?: string;
  readonly passphrase: boolean;
}

export interface PasswdFlags extends HomeFlags {
  readonly newPassphraseFile?: string;
  readonly passphrase: boolean;
}

export interface RemoveFlags extends HomeFlags {
  readonly yes?: boolean;
}

export async function makeKey(io: Io, name: string, options: NewFlags): Promise<ExitCode> {
  const canswarm = await loadCanswarm();
  const home = openHomeFor(io, canswarm, options);
  const protection = (): Promise<Protection> => protectionFor(io, canswarm, `the key ${name}`, options);
  const { kind, of = null, json = false } = options;
  return tell(io, home, json, await home.keys.create({ name, kind, of, protection }), 'made');
}

export async function listKeys(io: Io, options: HomeFlags): Promise<ExitCode> {
  const home = openHomeFor(io, await loadCanswarm(), options);
  const { keys, broken } = home.keys.list();
  const told = broken.map(({ name, error: { code, message, means, todo } }) => ({
    name,
    code,
    what: message,
    means,
    todo,
  }));
  report(io, options.json === true, { home: home.path, keys, broken: told }, () =>
    describeKeys(io, keys, broken, home.path),
  );
  return broken.length === 0 ? EXIT.ok : EXIT.untrue;
}

export async function showKey(io: Io, name: string, options: HomeFlags): Promise<ExitCode> {
  const home = openHomeFor(io, await loadCanswarm(), options);
  const found = home.keys.show(name);
  report(io, options.json === true, found, () => describeKey(found));
  return EXIT.ok;
}

export async function backUpKey(io: Io, name: string, file: string, options: BackupFlags): Promise<ExitCode> {
  const canswarm = await loadCanswarm();
  const home = openHomeFor(io, canswarm, options);
  const flag = '--backup-passphrase-file';
  const choose = async (): Promise<Secret<string>> => {
    const question = 'New passphrase for the backup';
    const chosen = await chosenPassphrase(io, canswarm, { flag, file: options.backupPassphraseFile, question });
    if (chosen === null) throw noPassphrase('a backup needs a passphrase', flag);
    return chosen;
  };
  const saved = await home.keys.backup(name, file, choose);
  report(io, options.json === true, { ...saved, backup: file }, () =>
    [
      `${name} is in ${safe(file)}, encrypted with the passphrase of the backup. Keep both, apart from each other.`,
      `Should the key be lost: canswarm key import ${safe(file)}`,
    ].join('\n'),
  );
  return EXIT.ok;
}

export async function importKey(io: Io, file: string, options: ImportFlags): Promise<ExitCode> {
  const canswarm = await loadCanswarm();
  const home = openHomeFor(io, canswarm, options);
  const passphraseOf = async (): Promise<Secret<string>> => {
    if (options.backupPassphraseFile !== undefined) return canswarm.passphraseFile(options.backupPassphraseFile);
    const ask = askOf(io, canswarm.Secret);
    if (ask === undefined) throw noPassphrase(`${safe(file)} needs its passphrase`, '--backup-passphrase-file');
    return canswarm.passphraseFor(`the backup ${safe(file)}`, { env: {}, ask });
  };
  const protection = (): Promise<Protection> => protectionFor(io, canswarm, 'the key', options);
  const imported = await home.keys.import(file, { name: options.name ?? null, protection, passphraseOf });
  return tell(io, home, options.json === true, imported, 'imported');
}

export async function changePassphrase(io: Io, name: string, options: PasswdFlags): Promise<ExitCode> {
  const canswarm = await loadCanswarm();
  const home = openHomeFor(io, canswarm, options);
  const protection = async (): Promise<Protection> => {
    if (!options.passphrase) return 'machine';
    const flag = '--new-passphrase-file';
    const { newPassphraseFile: file } = options;
    const question = `New passphrase for ${name} (empty: none)`;
    return (await chosenPassphrase(io, canswarm, { flag, file, question })) ?? 'machine';
  };
  return tell(io, home, options.json === true, await home.keys.changePassphrase(name, protection), 'changed');
}

export async function removeKey(io: Io, name: string, options: RemoveFlags): Promise<ExitCode> {
  const home = openHomeFor(io, await loadCanswarm(), options);
  const { did } = home.keys.show(name);
  if (options.yes !== true) {
    const means = 'Without a backup all that it owns is lost, and nobody can bring it back.';
    const todo = `Back it up: canswarm key backup ${name} FILE\nThen, if you mean it: canswarm key remove ${name} --yes`;
    throw new CliFailure(EXIT.usage, 'not_confirmed', `${name} (${did}) would be removed for ever`, means, todo);
  }
  const removed = await home.keys.remove(name);
  report(io, options.json === true, { ...removed, removed: true }, () => `${name} (${did}) is removed.`);
  return EXIT.ok;
}

function tell(io: Io, { path }: Home, json: boolean, key: KeyInfo, done: string): ExitCode {
  report(io, json, key, () => {
    const notes = [
      ...(key.protection === 'machine' ? [machineNote(path)] : []),
      ...(done === 'imported' ? [RESTORED_NOTE] : []),
      ...(done === 'made' ? [`Back it up: canswarm key backup ${key.name} FILE`] : []),
    ];
    return [`${key.name} is ${done}: ${key.did}`, ...notes].join('\n');
  });
  return EXIT.ok;
}
