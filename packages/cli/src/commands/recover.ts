import type { Dropped, NewLife } from 'canswarm';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { HOME_OPTION, PASSPHRASE_OPTION } from '../home/home-options.ts';
import { withSettingFlags } from '../home/setting-flags.ts';
import type { Io } from '../io.ts';
import { LOG_SETTINGS, workOf } from '../network/log-work.ts';
import { type NetworkFlags, openNetwork, ringOf } from '../network/open-network.ts';
import { report } from '../report.ts';
import { count, credits, creditsOf, safe } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface Options extends NetworkFlags {
  readonly newLife?: boolean;
  readonly sign?: string;
  readonly with?: readonly string[];
  readonly signAgain?: boolean;
}

/** Entries of its own that a node is told of by name. */
const NAMED_MOST = 10;

export const recoverCommand: Register = (program, io, done) => {
  const recover = program.command('recover').summary('give back what a place lost that keeps something of a network');
  recover
    .command('log')
    .summary('give a restored decision log back what it lacks')
    .description(
      'Adds what nodes of this home took to a log that lost it, such as one that was restored from a snapshot, in the order that it had, and has these nodes follow it under its new cursors. The nodes must be stopped. A log that went on without what they took is refused: with --new-life it begins another life where it ends, as verifiers with two thirds of the stake sign, and what nodes held beyond has no effect any more. Homes that do not have that much sign with --sign, and one begins it with what they signed.',
    )
    .option('--new-life', 'begin another life of the log where it ends, or follow one that began')
    .option('--sign <file>', 'with --new-life: only sign, into this file, for the home that begins it')
    .option('--with <file...>', 'with --new-life: what other homes signed')
    .option('--sign-again', 'with --new-life: sign although another beginning of this life was signed before')
    .option(...PASSPHRASE_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      examples(
        'recover log',
        'recover log --network local --json',
        'recover log --new-life',
        'recover log --new-life --sign globex.statements',
        'recover log --new-life --with globex.statements',
      ),
    )
    .action(async (options: Options) => done(await recoverLog(io, options)));
  withSettingFlags(recover, 'log', LOG_SETTINGS);
};

async function recoverLog(io: Io, options: Options): Promise<ExitCode> {
  if (options.newLife === true) return beginLife(io, options);
  if (options.sign !== undefined || options.with !== undefined || options.signAgain === true) {
    const todo = 'Add: --new-life';
    throw new CliFailure(EXIT.usage, 'usage', '--sign, --with and --sign-again are about another life', '', todo);
  }
  const network = await openNetwork(io, options);
  const recovered = await network.canswarm.restoreLog(workOf(io, network));
  report(io, options.json === true, recovered, () => {
    const { by, found, restored, place, account, nodes } = recovered;
    if (by === null)
      return [
        `There is nothing to give back: the log at ${safe(place)} is empty, and no node of this home ever took a record. Nothing was changed.`,
        'If something was said in this network, nodes of another home took it: canswarm recover log there first. Else: canswarm up',
      ].join('\n');
    return [
      `The log at ${safe(place)} is whole: ${found} records were there, ${restored} given back of what "${safe(by)}" took`,
      `${count(nodes.length, 'node')} of this home will follow it: ${nodes.map(safe).join(', ')}`,
      `digest     ${account.digest}`,
      `state root ${account.stateRoot}`,
      'Nodes of other homes: canswarm recover log there too, before they start.',
    ].join('\n');
  });
  return EXIT.ok;
}

async function beginLife(io: Io, options: Options): Promise<ExitCode> {
  const { sign = null, with: statements = [], signAgain: again = false } = options;
  if (sign !== null && statements.length > 0) {
    const todo = 'Sign in the homes that others gather from; begin the life in one, with what they signed.';
    throw new CliFailure(EXIT.usage, 'usage', '--sign and --with exclude each other', 'Nothing was changed.', todo);
  }
  const network = await openNetwork(io, options);
  const keys = ringOf(io, network, options);
  try {
    const life = await network.canswarm.restartLog({
      ...workOf(io, network),
      ...{ keys, statements, signTo: sign, again },
    });
    report(io, options.json === true, life, () => lifeText(life, sign));
  } finally {
    keys.close();
  }
  return EXIT.ok;
}

function lifeText(life: NewLife, sign: string | null): string {
  const { place, incarnation, position, begun, signers, signed, stake, restored, account, dropped, nodes } = life;
  const share = `${count(signers.length, 'key')} with ${credits(signed)} of ${creditsOf(stake)} of stake`;
  if (sign !== null)
    return [
      `${share} signed that life ${incarnation} of the log at ${safe(place)} begins after position ${position}: ${safe(sign)}`,
      ...dropped.map((one) => droppedText(one, 'will have no effect once it begins')),
      'Nothing else was changed. Hand the file to the home that begins the life, before anything is appended: canswarm recover log --new-life --with FILE',
      'Once it began: canswarm recover log --new-life here, then canswarm up',
    ].join('\n');
  return [
    begun
      ? `Life ${incarnation} of the log at ${safe(place)} began after position ${position}, with the signatures of ${share}`
      : `Life ${incarnation} of the log at ${safe(place)} had begun; nodes of this home follow it`,
    ...(restored === 0
      ? []
      : [`${count(restored, 'record')} given back before, which nodes with two thirds of the stake held`]),
    ...dropped.map((one) => droppedText(one, 'have no effect any more')),
    `${count(nodes.length, 'node')} of this home will follow it: ${nodes.map(safe).join(', ')}`,
    `digest     ${account.digest}`,
    `state root ${account.stateRoot}`,
    'Nodes of other homes: canswarm recover log --new-life there too, before they start. Invitations stay as they are.',
  ].join('\n');
}

/** What a node loses, and what of it its own keys said: who wants that says it again. */
function droppedText({ node, entries, own }: Dropped, what: string): string {
  const named = own.slice(0, NAMED_MOST).map(({ verb, id }) => `  ${verb} ${id}`);
  const more = own.length - named.length;
  return [
    `"${safe(node)}" held ${count(entries, 'entry', 'entries')} beyond, which ${what}; ${own.length} of its own keys${own.length > 0 ? ':' : ''}`,
    ...named,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n');
}
