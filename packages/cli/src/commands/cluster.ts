import { join } from 'node:path';
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
};

async function up(io: Io, options: Options): Promise<ExitCode> {
  const canswarm = await loadCanswarm();
  const { EtcdCluster, findServer } = canswarm;
  const home = openHomeFor(io, canswarm, options);
  const { path: program, version } = await findServer('etcd', io.env).catch(missing);
  home.make();
  const folder = join(home.path, 'etcd');
  const cluster = await EtcdCluster.open({ folder, program, members: options.members ?? MEMBERS });
  const stop = (): void => void cluster.stop();
  io.signal.addEventListener('abort', stop, { once: true });
  try {
    await cluster.start();
    const endpoints = cluster.endpoints.join(',');
    const members = cluster.members.map(({ name, pid, clientUrl }) => ({ name, pid, endpoint: clientUrl }));
    const isUsed = options.use === true;
    if (isUsed) {
      await home.set('etcd.endpoints', endpoints);
      await home.set('log', 'etcd');
    }
    const told = { program, version, folder, endpoints: cluster.endpoints, members, used: isUsed };
    report(io, options.json === true, told, () =>
      [
        `etcd ${version} runs, with ${members.length} members.`,
        indent(table(members.map(({ name, pid, endpoint }) => [name, `process ${pid}`, endpoint]))),
        '',
        ...(isUsed ? USED : howToUse(endpoints)),
        '',
        `Its data and words are in ${safe(folder)}. Ctrl-C stops it.`,
      ].join('\n'),
    );
    await Promise.all(cluster.members.map((member) => tellOfEnd(io, member)));
  } catch (error) {
    if (!io.signal.aborted) throw error;
  } finally {
    io.signal.removeEventListener('abort', stop);
    await cluster.stop();
  }
  return EXIT.ok;
}

const USED = ['Nodes of this home use it, and networks that are made from now on keep their log in it.'];

const howToUse = (endpoints: string): readonly string[] => [
  'Let nodes of this home use it, and networks that are made from now on keep their log in it (or start it with --use):',
  `  canswarm config set etcd.endpoints ${endpoints}`,
  '  canswarm config set log etcd',
];

/** Says when a member ended that nobody had told to. */
async function tellOfEnd(
  io: Io,
  { name, ended, logPath }: { name: string; ended: Promise<void>; logPath: string },
): Promise<void> {
  await ended;
  if (!io.signal.aborted) io.err.write(`the member ${name} ended by itself; its words are in ${safe(logPath)}\n`);
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
