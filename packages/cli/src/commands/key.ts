import type { Home, KeyInfo, KeyKind, Protection, Secret } from 'canswarm';
import { type Command, Option } from 'commander';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { describeKey, describeKeys, machineNote, RESTORED_NOTE } from '../home/describe-key.ts';
import {
  askOf,
  type Canswarm,
  HOME_OPTION,
  type HomeFlags,
  openHomeFor,
  PASSPHRASE_OPTION,
} from '../home/home-options.ts';
import type { Io } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { report } from '../report.ts';
import { safe } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface NewFlags extends HomeFlags {
  readonly kind: KeyKind;
  readonly of?: string;
  /** False for --no-passphrase. */
  readonly passphrase: boolean;
}

interface BackupFlags extends HomeFlags {
  readonly backupPassphraseFile?: string;
}

interface ImportFlags extends BackupFlags {
  readonly name?: string;
  readonly passphrase: boolean;
}

interface PasswdFlags extends HomeFlags {
  readonly newPassphraseFile?: string;
  readonly passphrase: boolean;
}

interface RemoveFlags extends HomeFlags {
  readonly yes?: boolean;
}

const NO_PASSPHRASE = [
  '--no-passphrase',
  'keep it by the passphrase file of this machine, as an SSH key without one',
] as const;
const NAME = ['<name>', 'the name of the key'] as const;

const GIVEN = `
A passphrase is taken from the first of: --passphrase-file, CANSWARM_PASSPHRASE_FILE, CANSWARM_PASSPHRASE, the systemd
credential canswarm-passphrase, a question on the terminal. Files that others can read are refused.
`;

export const keyCommand: Register = (program, io, done) => {
  const key = program
    .command('key')
    .summary('make, list, back up and restore keys')
    .description(
      'Keys of this user, encrypted, one file each. An agent has one key and a key has one holder: what a running process uses no other can open.',
    )
    .addHelpText('after', examples('key new acme-worker', 'key list', 'key backup acme-worker acme-worker.backup'));
  registerMaking(key, io, done);
  registerLooking(key, io, done);
  registerBackups(key, io, done);
  registerChanging(key, io, done);
};

type Done = Parameters<Register>[2];

function registerMaking(key: Command, io: Io, done: Done): void {
  key
    .command('new')
    .summary('make a key')
    .description(
      'Makes a key. Without any passphrase the passphrase file of this machine protects it, and `key list` says so.',
    )
    .argument(...NAME)
    .addOption(
      new Option(
        '--kind <kind>',
        'agent: signs what an agent says; chain: seeds of a verifier; node: address in the network; authority: of a genesis',
      )
        .choices(['agent', 'chain', 'node', 'authority'])
        .default('agent'),
    )
    .option('--of <name>', 'for a chain: the agent whose it is')
    .option(...NO_PASSPHRASE)
    .option(...PASSPHRASE_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `${GIVEN}${examples('key new acme-worker', 'key new acme-worker --no-passphrase --json', 'key new acme-seat --kind chain --of acme-verifier')}`,
    )
    .action(async (name: string, options: NewFlags) => done(await makeKey(io, name, options)));
}

function registerLooking(key: Command, io: Io, done: Done): void {
  key
    .command('list')
    .summary('list the keys')
    .description('Lists all keys with what protects them and which process uses them. Needs no passphrase.')
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('key list', 'key list --json'))
    .action(async (options: HomeFlags) => done(await listKeys(io, options)));
  key
    .command('show')
    .summary('show one key')
    .description('Shows what is openly known of a key. The secret is never shown.')
    .argument(...NAME)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('key show acme-worker', 'key show acme-worker --json'))
    .action(async (name: string, options: HomeFlags) => done(await showKey(io, name, options)));
}

const BACKUP_HELP = `
A restored backup must never be used while the key is in use elsewhere: two holders contradict each other, which anybody
can prove, and the stake is lost. What the lost machine had signed is not in the backup either; so the key is marked as
restored, and a node treats it with care. See docs/OPERATIONS.md, "A restored key".
`;

function registerBackups(key: Command, io: Io, done: Done): void {
  key
    .command('backup')
    .summary('write a key to a file with a passphrase of its own')
    .description('Writes a key, encrypted with a passphrase that is chosen for the backup, to a new file.')
    .argument(...NAME)
    .argument('<file>', 'the file to make; one that is there is not overwritten')
    .option('--backup-passphrase-file <file>', 'the passphrase of the backup, as one line of a file')
    .option(...PASSPHRASE_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `${BACKUP_HELP}${examples('key backup acme-worker acme-worker.backup', 'key backup acme-worker acme.backup --backup-passphrase-file backup.txt --json')}`,
    )
    .action(async (name: string, file: string, options: BackupFlags) => done(await backUpKey(io, name, file, options)));
  key
    .command('import')
    .summary('take a key from a backup')
    .description('Takes a key from a backup, or from a key file of another home, and marks it as restored.')
    .argument('<file>', 'the backup')
    .option('--name <name>', 'another name for it')
    .option('--backup-passphrase-file <file>', 'the passphrase of the backup, as one line of a file')
    .option(...NO_PASSPHRASE)
    .option(...PASSPHRASE_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `${BACKUP_HELP}${examples('key import acme-worker.backup', 'key import acme.backup --name acme-worker-2 --json')}`,
    )
    .action(async (file: string, options: ImportFlags) => done(await importKey(io, file, options)));
}

function registerChanging(key: Command, io: Io, done: Done): void {
  key
    .command('passwd')
    .summary('change what protects a key')
    .description('Encrypts a key with another passphrase. Copies of the old file, and backups, keep theirs.')
    .argument(...NAME)
    .option('--new-passphrase-file <file>', 'the new passphrase, as one line of a file')
    .option(...NO_PASSPHRASE)
    .option('--passphrase-file <file>', 'the passphrase that it has now, as one line of a file')
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `${GIVEN}${examples('key passwd acme-worker', 'key passwd acme-worker --no-passphrase --json')}`,
    )
    .action(async (name: string, options: PasswdFlags) => done(await changePassphrase(io, name, options)));
  key
    .command('remove')
    .summary('remove a key for ever')
    .description('Removes a key. Without a backup all that it owns is lost, and nobody can bring it back.')
    .argument(...NAME)
    .option('--yes', 'really')
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('key remove acme-worker --yes', 'key remove acme-worker --yes --json'))
    .action(async (name: string, options: RemoveFlags) => done(await removeKey(io, name, options)));
}

async function makeKey(io: Io, name: string, options: NewFlags): Promise<ExitCode> {
  const canswarm = await loadCanswarm();
  const home = openHomeFor(io, canswarm, options);
  const protection = (): Promise<Protection> => protectionFor(io, canswarm, `the key ${name}`, options);
  const { kind, of = null, json = false } = options;
  return tell(io, home, json, await home.keys.create({ name, kind, of, protection }), 'made');
}

async function listKeys(io: Io, options: HomeFlags): Promise<ExitCode> {
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

async function showKey(io: Io, name: string, options: HomeFlags): Promise<ExitCode> {
  const home = openHomeFor(io, await loadCanswarm(), options);
  const found = home.keys.show(name);
  report(io, options.json === true, found, () => describeKey(found));
  return EXIT.ok;
}

async function backUpKey(io: Io, name: string, file: string, options: BackupFlags): Promise<ExitCode> {
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

async function importKey(io: Io, file: string, options: ImportFlags): Promise<ExitCode> {
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

async function changePassphrase(io: Io, name: string, options: PasswdFlags): Promise<ExitCode> {
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

async function removeKey(io: Io, name: string, options: RemoveFlags): Promise<ExitCode> {
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

/** What shall protect a key that is made here: what was given, what a person types, or else the machine's file. */
async function protectionFor(
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
async function chosenPassphrase(
  io: Io,
  { assertStrong, newPassphrase, passphraseFile, Secret: SecretClass }: Canswarm,
  { flag, file, question }: { readonly flag: string; readonly file: string | undefined; readonly question: string },
): Promise<Secret<string> | null> {
  if (file !== undefined) return assertStrong(passphraseFile(file));
  const ask = askOf(io, SecretClass);
  if (ask === undefined) throw noPassphrase('a new passphrase is needed', flag);
  return newPassphrase(question, ask);
}

const noPassphrase = (what: string, flag: string): CliFailure =>
  new CliFailure(
    EXIT.environment,
    'no_passphrase',
    what,
    'None was given, and nobody can be asked.',
    `Give it with ${flag} FILE, or run this in a terminal.`,
  );
