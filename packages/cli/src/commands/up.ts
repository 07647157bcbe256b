import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger, NodeFolder, ReadyNode } from 'canswarm';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { HOME_OPTION, PASSPHRASE_OPTION } from '../home/home-options.ts';
import { settingFlagsOf, withSettingFlags } from '../home/setting-flags.ts';
import { type Io, painter } from '../io.ts';
import {
  type NetworkFlags,
  NODE_OPTION,
  type OpenNetwork,
  openNetwork,
  ringOf,
  runningNodes,
} from '../network/open-network.ts';
import { wholeNumber } from '../plain-options.ts';
import { report } from '../report.ts';
import { count, indent, safe, table } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface UpFlags extends NetworkFlags {
  readonly org?: string;
  readonly nodes?: number;
  readonly verifiers?: number;
  readonly arbiters?: number;
  readonly policy?: string;
  readonly detach?: boolean;
}

interface JoinFlags extends UpFlags {
  readonly org: string;
}

/** How long a node that is started in the background may take until it answers, ms. */
const START_MS = 60_000;
const LOOK_MS = 100;
const LOG_BYTES = 8 * 1024 * 1024;

export const upCommand: Register = (program, io, done) => {
  program
    .command('up')
    .summary('run a network of this machine, or its nodes again')
    .description(
      'Runs the nodes of a network that this home has; makes the network first when it is not there: keys, genesis, sixteen local verifiers. Ends with Ctrl-C or `canswarm down`; what was agreed is kept.',
    )
    .option('--org <name>', 'the organisation whose agents this node runs (new networks: "local")')
    .option('--nodes <n>', 'processes among which a new network is dealt', wholeNumber(1, 16))
    .option(
      '--verifiers <n>',
      'a new network begins in bootstrap, with this many verifiers, fewer than it needs later',
      wholeNumber(1, 9),
    )
    .option(
      '--arbiters <n>',
      'a new network names so many keys, arbiter-1 and on, who have the last word on challenges that a jury decides (none)',
      wholeNumber(1, 7),
    )
    .option(
      '--policy <folder>',
      'a new network has this policy, built and signed or not; "none": it has none (left out: the base policy)',
    )
    .option('--detach', 'leave it running in the background')
    .option(...NODE_OPTION)
    .option(...HOME_OPTION)
    .option(...PASSPHRASE_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('up', 'up --org acme', 'up --detach --json', 'up --nodes 5', 'up --arbiters 3'))
    .action(async (options: UpFlags) => done(await up(io, options)));
  withSettingFlags(program, 'up');
};

export const joinCommand: Register = (program, io, done) => {
  program
    .command('join')
    .summary("join somebody's network as an organisation")
    .description(
      'Joins a network that somebody else runs: makes keys, shows the invitation to the network’s authority, which credentials and endows them, then runs the node. Run again, it goes on where it stopped.',
    )
    .argument('<invitation>', 'the word that `canswarm up` or `canswarm invite` printed there')
    .requiredOption('--org <name>', 'the organisation that joins')
    .option('--detach', 'leave it running in the background')
    .option(...HOME_OPTION)
    .option(...PASSPHRASE_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('join can1q2w... --org globex', 'join "$(cat invitation)" --org globex --detach'))
    .action(async (invitation: string, options: JoinFlags) => done(await joinThere(io, invitation, options)));
  withSettingFlags(program, 'join');
};

async function up(io: Io, options: UpFlags): Promise<ExitCode> {
  const network = await openNetwork(io, options);
  const names = await namesToRun(io, network, options);
  const [only] = names;
  if (only !== undefined && names.length === 1) return run(io, network, only, options);
  if (network.home.config.values['api.port'] !== 0) {
    throw usage('one port of the API cannot be for several nodes', 'Start each by itself: up --node NAME --api-port N');
  }
  return options.detach === true ? detach(io, network, names, options) : runAll(io, network, names, options);
}

/** The nodes to run; makes the network when it is not there. */
async function namesToRun(
  io: Io,
  network: OpenNetwork,
  { org, nodes, node, verifiers, arbiters, policy, ...options }: UpFlags,
): Promise<readonly string[]> {
  const { folder, canswarm, home } = network;
  if (!folder.exists()) {
    if (node !== undefined) folder.genesis();
    io.err.write(
      `making the network "${folder.name}": keys, genesis, ${verifiers === undefined ? 'sixteen local verifiers' : `${count(verifiers, 'local verifier')}, in bootstrap`}\n`,
    );
    if (policy === 'none')
      io.err.write(
        'it has no policy: whatever the rules of the protocol allow may be said, until one is published: canswarm policy publish\n',
      );
    const keys = ringOf(io, network, options);
    try {
      const crypto = canswarm.localCrypto();
      const skill = canswarm.BRIEF_SKILL;
      return await canswarm.foundNetwork({
        folder,
        org: org ?? null,
        nodes: nodes ?? 1,
        ...(verifiers === undefined ? {} : { bootstrap: verifiers }),
        ...(arbiters === undefined ? {} : { arbiters }),
        ...(policy === undefined ? {} : { policy: policy === 'none' ? null : policy }),
        log: home.config.values.log,
        buckets: home.config.values['log.buckets'],
        skill,
        keys,
        crypto,
        now: Date.now(),
      });
    } finally {
      keys.close();
    }
  }
  for (const [flag, value] of Object.entries({ verifiers, arbiters, nodes, policy }))
    if (value !== undefined)
      throw usage(`--${flag} is for new networks`, 'Leave it out, or make another one: --network NAME');
  const known = folder.nodes();
  if (node !== undefined) return [folder.node(node).read().name];
  if (org !== undefined && !known.includes(org) && !known.some((name) => folder.node(name).read().org === org)) {
    const todo =
      'Invite it: canswarm invite, then there: canswarm join INVITATION --org NAME\nOr make another network: --network NAME';
    throw usage(`the network "${folder.name}" is there already, and "${org}" is not of it`, todo);
  }
  const meant = org !== undefined && known.includes(org) ? [org] : known;
  const running = new Set((await runningNodes(network)).map(({ name }) => name));
  const stopped = meant.filter((name) => !running.has(name));
  if (stopped.length > 0) return stopped;
  throw new CliFailure(
    EXIT.untrue,
    'node_running',
    meant.length === 1 ? `the node "${meant[0]}" runs already` : `all ${meant.length} nodes run already`,
    'Nothing was started.',
    'See them with: canswarm status',
  );
}

const usage = (what: string, todo: string): CliFailure => new CliFailure(EXIT.usage, 'usage', what, '', todo);

async function joinThere(io: Io, word: string, options: JoinFlags): Promise<ExitCode> {
  const { decodeInvitation } = await (await import('../load.ts')).loadCanswarm();
  const invitation = decodeInvitation(word);
  const network = await openNetwork(io, { network: invitation.name, ...options });
  const { canswarm, folder, home } = network;
  io.err.write(`joining ${invitation.network} as "${safe(options.org)}"\n`);
  const keys = ringOf(io, network, options);
  let name: string;
  try {
    const crypto = canswarm.localCrypto();
    name = await canswarm.joinNetwork({
      folder,
      invitation,
      org: options.org,
      skill: canswarm.BRIEF_SKILL,
      keys,
      crypto,
      settings: home.config.values,
    });
  } finally {
    keys.close();
  }
  return run(io, network, name, options);
}

/** Runs one node in this process, or in one of its own when it is to stay. */
async function run(io: Io, network: OpenNetwork, name: string, options: UpFlags): Promise<ExitCode> {
  if (options.detach === true) return detach(io, network, [name], options);
  const { canswarm, home, folder } = network;
  const node = folder.node(name);
  const { logger, close } = loggerOf(io, network, node);
  const keys = ringOf(io, network, options);
  try {
    const { values: settings } = home.config;
    const onReady = (ready: ReadyNode): void => report(io, options.json === true, ready, () => welcome(io, ready));
    await canswarm.runNode({ folder: node, keys, settings, logger, signal: io.signal, onReady });
    return EXIT.ok;
  } finally {
    keys.close();
    close();
  }
}

/** What a node does goes to its log file, and what matters to the terminal too. */
function loggerOf(io: Io, { canswarm, home }: OpenNetwork, node: NodeFolder): { logger: Logger; close(): void } {
  const { createLogger, fileSink, streamSink } = canswarm;
  const values = home.config.values;
  mkdirSync(node.logsPath, { recursive: true, mode: 0o700 });
  const file = fileSink({ path: join(node.logsPath, 'node.log'), bytesMax: LOG_BYTES });
  const terminal = streamSink(io.err);
  const sink = {
    write(line: string): boolean {
      terminal.write(line);
      return file.write(line);
    },
    close: () => file.close(),
  };
  return {
    logger: createLogger({ level: values['log.level'], format: values['log.format'], sink }),
    close: sink.close,
  };
}

function welcome(io: Io, { node, org, network, addresses, api, invitation, agents, pid }: ReadyNode): string {
  const paint = painter(io, io.out);
  const facts = [
    ['network', network],
    ['node', `${node} (${org}), process ${pid}`],
    ...addresses.map((address) => ['listens', address]),
    ...(api === null ? [] : [['api', `${api.address}, its token in ${safe(api.token)}`]]),
    ['agents', count(agents.length, 'agent')],
  ];
  const invite =
    invitation === null
      ? []
      : [
          '',
          paint('bold', 'Another organisation joins, in another terminal, with:'),
          `  canswarm join ${invitation} --org NAME`,
        ];
  return [
    paint('bold', 'The node runs.'),
    indent(table(facts)),
    ...invite,
    '',
    paint('bold', 'Post a need, in another terminal:'),
    '  canswarm need post FOLDER --ask "..."',
    '',
    'Ctrl-C or `canswarm down` stops it.',
  ].join('\n');
}

/** The command line that runs one node, with the settings that this one was given. */
function commandOf({ folder, home, canswarm }: OpenNetwork, name: string, options: UpFlags): readonly string[] {
  const [, script = ''] = process.argv;
  const { passphraseFile } = options;
  const passphrase = passphraseFile === undefined ? [] : ['--passphrase-file', passphraseFile];
  const { network: _, ...given } = settingFlagsOf({ ...options }, canswarm);
  const settings = canswarm.SETTING_KEYS.flatMap((key) => {
    const value = key === 'network' ? undefined : given[key];
    return value === undefined ? [] : [canswarm.flagOf(key), value];
  });
  return [script, 'up', '--network', folder.name, '--node', name, '--home', home.path, ...passphrase, ...settings];
}

/** Starts nodes that stay when this command ends, and waits until they answer. */
async function detach(io: Io, network: OpenNetwork, names: readonly string[], options: UpFlags): Promise<ExitCode> {
  const { canswarm, folder } = network;
  const started = names.map((name) => {
    const node = folder.node(name);
    mkdirSync(node.logsPath, { recursive: true, mode: 0o700 });
    const out = openSync(join(node.logsPath, 'start.log'), 'a', 0o600);
    const child = spawn(process.execPath, [...process.execArgv, ...commandOf(network, name, options)], {
      detached: true,
      stdio: ['ignore', out, out],
      env: { ...io.env },
    });
    closeSync(out);
    let exit: number | null = null;
    child.on('exit', (code) => {
      exit = code ?? 1;
    });
    child.unref();
    return { name, client: new canswarm.NodeClient(node), ended: () => exit, log: node.logsPath };
  });
  for (const { name, client, ended, log } of started) {
    const until = Date.now() + START_MS;
    while (!(await client.runs())) {
      if (ended() === null && Date.now() < until && !io.signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        continue;
      }
      const what =
        ended() === null ? `the node "${name}" does not answer yet` : `the node "${name}" ended with code ${ended()}`;
      throw new CliFailure(
        EXIT.untrue,
        'node_failed',
        what,
        `Its words are in ${safe(log)}.`,
        `Read them with: canswarm logs ${name}`,
      );
    }
  }
  const running = await Promise.all(started.map(({ client }) => client.status()));
  const value = { nodes: running.map(({ node, pid, network: id }) => ({ node, pid, network: id })) };
  report(io, options.json === true, value, () =>
    [
      ...running.map(({ node, pid }) => `${node} runs, process ${pid}`),
      `Stop with: canswarm down${options.home === undefined ? '' : ` --home ${options.home}`}`,
    ].join('\n'),
  );
  return EXIT.ok;
}

/** Runs several nodes, each in a process of its own, until this command is interrupted or all have ended. */
async function runAll(io: Io, network: OpenNetwork, names: readonly string[], options: UpFlags): Promise<ExitCode> {
  const children = names.map((name) => {
    const args = [
      ...process.execArgv,
      ...commandOf(network, name, options),
      ...(options.json === true ? ['--json'] : []),
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...io.env } });
    const gone = new Promise<void>((resolve) => {
      child.on('exit', (code, signal) => {
        if (code !== 0)
          io.err.write(
            `the node "${name}" ended by ${signal ?? `code ${code}`}; again with: canswarm up --node ${name}\n`,
          );
        resolve();
      });
    });
    return { child, gone };
  });
  const stop = (): void => {
    for (const { child } of children) child.kill('SIGTERM');
  };
  io.signal.addEventListener('abort', stop, { once: true });
  if (io.signal.aborted) stop();
  await Promise.all(children.map(({ gone }) => gone));
  return EXIT.ok;
}
