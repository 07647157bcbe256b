import { type Command, Option } from 'commander';
import { HOME_OPTION, type HomeFlags, PASSPHRASE_OPTION } from '../home/home-options.ts';
import {
  type BackupFlags,
  backUpKey,
  changePassphrase,
  type ImportFlags,
  importKey,
  listKeys,
  makeKey,
  type NewFlags,
  type PasswdFlags,
  type RemoveFlags,
  removeKey,
  showKey,
} from '../home/key-actions.ts';
import type { Io } from '../io.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

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
