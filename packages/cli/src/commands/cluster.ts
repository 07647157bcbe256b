import { join } from 'node:path';
import type { ClusterDesk, EtcdCluster, Home, MemberWish } from 'canswarm';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { HOME_OPTION, type HomeFlags, openHomeFor } from '../home/home-options.ts';
import type { Io } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { wholeNumber } from '../plain-options.ts';
import { report } from '../report.ts';
import { indent, safe, table } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface Options extends HomeFlags {
  readonly members?: number;
  readonly use?: boolean;
  readonly json?: boolean;
}

/** Of the cluster, in the home. */
const FOLDER = 'etcd';
const MEMBERS = 3;
const MEMBERS_MAX = 7;

export const clusterCommand: Register = (program, io, done) => {
  const cluster = program.command('cluster').summary('run a cluster of this machine that keeps decision logs');
  cluster
    .command('up')
    .summary('run members of etcd until Ctrl-C')
    .description(
      'Runs a cluster of etcd on this machine, on loopback alone; makes it first when it is not there. Networks that are made with --log etcd keep their decision log in it. Ends with Ctrl-C, in order; what was agreed is kept in the home.',
    )
    .option('--members <n>', `of a cluster that is made (${MEMBERS})`, wholeNumber(1, MEMBERS_MAX))
    .option('--use', 'set etcd.endpoints and log, so that networks that are made keep their log in it')
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('cluster up', 'cluster up --use', 'cluster up --members 1 --json'))
    .action(async (options: Options) => done(await up(io, options)));
  for (const [wish, summary] of MEMBER_COMMANDS)
    cluster
      .command(wish)
      .summary(summary)
      .description(
        `Has the cluster of this home, which runs in another terminal, ${wish} one member; waits until it did.`,
      )
      .argument('<member>', 'its name, such as m1')
      .option(...HOME_OPTION)
      .option(...JSON_OPTION)
      .addHelpText('after', examples(`cluster ${wish} m1`, `cluster ${wish} m1 --json`))
      .action(async (member: string, options: Options) => done(await ask(io, wish, member, options)));
};

const MEMBER_COMMANDS: readonly (readonly [MemberWish, string])[] = [
  ['stop', 'stop one member, in order'],
  ['start', 'start a member that was stopped or ended'],
];

async function ask(io: Io, wish: MemberWish, member: string, options: Options): Promise<ExitCode> {
  const canswarm = await loadCanswarm();
  const home = openHomeFor(io, canswarm, options);
  const now = await canswarm.askMember(join(home.path, FOLDER), member, wish);
  report(io, options.json === true, now, () =>
    now.pid === null
      ? `The member ${member} is stopped. Again: canswarm cluster start ${member}`
      : `The member ${member} runs, process ${now.pid}, at ${safe(now.endpoint)}`,
  );
  return EXIT.ok;
}

async function up(io: Io, options: Options): Promise<ExitCode> {
  const canswarm = await loadCanswarm();
  const { ClusterDesk, EtcdCluster, findServer } = canswarm;
  const home = openHomeFor(io, canswarm, options);
  const { path: program, version } = await findServer('etcd', io.env).catch(missing);
  home.make();
  const folder = join(home.path, FOLDER);
  const desk = ClusterDesk.take(folder);
  try {
    const cluster = await EtcdCluster.open({ folder, program, members: options.members ?? MEMBERS });
    await run(io, options, { cluster, desk, home, told: { program, version, folder } });
  } finally {
    desk.close();
  }
  return EXIT.ok;
}

interface Up {
  readonly cluster: EtcdCluster;
  readonly desk: ClusterDesk;
  readonly home: Home;
  readonly told: { readonly program: string; readonly version: string; readonly folder: string };
}

/** Runs the members until it is interrupted or none runs any more. */
async function run(io: Io, options: Options, { cluster, desk, home, told }: Up): Promise<void> {
  const stop = (): void => void cluster.stop();
  io.signal.addEventListener('abort', stop, { once: true });
  try {
    const left = await cluster.endLeft();
    if (left.length > 0) io.err.write(leftLine(left));
    await cluster.start();
    const endpoints = cluster.endpoints.join(',');
    const members = cluster.members.map(({ name, pid, clientUrl }) => ({ name, pid, endpoint: clientUrl }));
    const isUsed = options.use === true;
    if (isUsed) {
      await home.set('etcd.endpoints', endpoints);
      await home.set('log', 'etcd');
    }
    const value = { ...told, endpoints: cluster.endpoints, members, used: isUsed };
    report(io, options.json === true, value, () =>
      [
        `etcd ${told.version} runs, with ${members.length} members.`,
        indent(table(members.map(({ name, pid, endpoint }) => [name, `process ${pid}`, endpoint]))),
        '',
        ...(isUsed ? USED : howToUse(endpoints)),
        '',
        `Its data and words are in ${safe(told.folder)}. Ctrl-C stops it, and canswarm cluster stop MEMBER one member.`,
      ].join('\n'),
    );
    await desk.attend(cluster, io.signal, (name, asked) => io.err.write(endLine(cluster, name, asked)));
  } catch (error) {
    if (!io.signal.aborted) throw error;
  } finally {
    io.signal.removeEventListener('abort', stop);
    await cluster.stop();
  }
}

const USED = ['Nodes of this home use it, and networks that are made from now on keep their log in it.'];

const howToUse = (endpoints: string): readonly string[] => [
  'Let nodes of this home use it, and networks that are made from now on keep their log in it (or start it with --use):',
  `  canswarm config set etcd.endpoints ${endpoints}`,
  '  canswarm config set log etcd',
];

/** Says what a cluster left that was killed, and that it is over. */
const leftLine = (names: readonly string[]): string =>
  `${names.join(', ')} still ran from a "cluster up" that was killed: ended in order, and started again\n`;

/** Says that a member ended, and why as far as is known. */
function endLine({ members }: EtcdCluster, name: string, asked: boolean): string {
  const words = members.find((member) => member.name === name)?.logPath ?? '';
  const how = asked ? 'was stopped' : `ended by itself; its words are in ${safe(words)}`;
  return `the member ${name} ${how}; again: canswarm cluster start ${name}\n`;
}

function missing(error: unknown): never {
  if (!(error instanceof Error && error.name === 'ServerMissing' && 'hint' in error)) throw error;
  throw new CliFailure(
    EXIT.environment,
    'server_missing',
    error.message,
    'No cluster can run here without it.',
    String(error.hint),
  );
}
