import { Option } from 'commander';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { HOME_OPTION } from '../home/home-options.ts';
import { withSettingFlags } from '../home/setting-flags.ts';
import type { Io } from '../io.ts';
import { LOG_SETTINGS, workOf } from '../network/log-work.ts';
import { type NetworkFlags, openNetwork } from '../network/open-network.ts';
import { wholeNumber } from '../plain-options.ts';
import { report } from '../report.ts';
import { count, safe } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface Options extends NetworkFlags {
  readonly to?: 'etcd' | 'sqlite';
  readonly rollback?: boolean;
  readonly resume?: boolean;
}

interface BucketOptions extends NetworkFlags {
  readonly to: string;
}

export const migrateCommand: Register = (program, io, done) => {
  const migrate = program.command('migrate').summary('move what a network keeps to another place');
  migrate
    .command('log')
    .summary('move the decision log between a file and etcd')
    .description(
      'Copies the log of a network whose nodes are stopped, proves that both logs hold the same bytes and come to the same state, marks the old one as moved, and only then has the nodes of this home follow the new one. The old log is kept and takes nothing any more: nodes of other homes stop, and follow with --resume. --rollback takes the same way back, with what came since.',
    )
    .addOption(new Option('--to <engine>', 'what is to keep the log').choices(['etcd', 'sqlite']))
    .option('--rollback', 'to where the log was before it was moved last')
    .option('--resume', 'end a move that was interrupted, or follow one that another home made')
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('migrate log --to etcd', 'migrate log --to sqlite --json', 'migrate log --rollback'))
    .action(async (options: Options) => done(await moveLog(io, options)));
  withSettingFlags(migrate, 'log', LOG_SETTINGS);
  migrate
    .command('bucket')
    .summary('move a bucket of a log in etcd to another cluster, while nodes run')
    .description(
      'Copies what lies in a bucket, closes it where it was, copies what came until then, proves that all of it reads as it was written, opens it in the other cluster and switches the map of the log. Entries of its needs wait meanwhile. Interrupted it is ended by the same call.',
    )
    .argument('<bucket>', 'its number, from 0', wholeNumber(0, 255))
    .requiredOption('--to <cluster>', 'a name of etcd.clusters; home: the cluster that keeps the order')
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('migrate bucket 3 --to b', 'migrate bucket 3 --to home --json'))
    .action(async (bucket: number, options: BucketOptions) => done(await moveBucket(io, bucket, options)));
  withSettingFlags(migrate, 'bucket', LOG_SETTINGS);
};

async function moveBucket(io: Io, bucket: number, options: BucketOptions): Promise<ExitCode> {
  const network = await openNetwork(io, options);
  const moved = await network.canswarm.moveLogBucket({ ...workOf(io, network), bucket, to: options.to });
  report(io, options.json === true, moved, () => {
    const { from, to, entries, copied, bytes, digest, version } = moved;
    const way =
      from === to
        ? `is in "${safe(to)}" already`
        : `is in "${safe(to)}" now, and takes nothing any more in "${safe(from)}"`;
    return [
      `Bucket ${bucket} of the log of "${safe(network.folder.name)}" ${way}`,
      `${count(entries, 'entry', 'entries')}, ${bytes} bytes: ${copied} copied`,
      `digest ${digest}, map ${version}`,
    ].join('\n');
  });
  return EXIT.ok;
}

function wanted({ to, rollback, resume }: Options): 'etcd' | 'sqlite' | 'back' | 'resume' {
  const asked = [to, rollback === true ? 'back' : undefined, resume === true ? 'resume' : undefined] as const;
  const [one, ...others] = asked.filter((what) => what !== undefined);
  if (one !== undefined && others.length === 0) return one;
  const todo = 'Say one of: --to etcd, --to sqlite, --rollback, --resume';
  const what = one === undefined ? 'it must be said where the log is to be' : 'the log can be moved to one place only';
  throw new CliFailure(EXIT.usage, 'usage', what, 'Nothing was changed.', todo);
}

async function moveLog(io: Io, options: Options): Promise<ExitCode> {
  const to = wanted(options);
  const network = await openNetwork(io, options);
  const { canswarm, folder } = network;
  const moved = await canswarm.moveLog({ ...workOf(io, network), to });
  report(io, options.json === true, moved, () => {
    const { found, copied, account, nodes } = moved;
    return [
      `The log of "${safe(folder.name)}" is at ${safe(moved.to)} now; ${count(nodes.length, 'node')} of this home will follow it: ${nodes.map(safe).join(', ')}`,
      `${count(account.records, 'record')}: ${found} were there, ${copied} copied`,
      `digest     ${account.digest}`,
      `state root ${account.stateRoot}`,
      `The old log is kept at ${safe(moved.from)}, and takes nothing any more; back: canswarm migrate log --rollback`,
      'Nodes of other homes stop: canswarm down, canswarm migrate log --resume and canswarm up there.',
    ].join('\n');
  });
  return EXIT.ok;
}
