import { createReadStream, existsSync, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { NodeStatus } from '@canswarm/api';
import type { NodeClient } from 'canswarm';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { HOME_OPTION } from '../home/home-options.ts';
import { type Io, painter } from '../io.ts';
import { actingNode, canInvite } from '../network/acting-node.ts';
import {
  hangingNodes,
  NETWORK_OPTION,
  type NetworkFlags,
  NODE_OPTION,
  openNetwork,
  runningNodes,
} from '../network/open-network.ts';
import { wholeNumber } from '../plain-options.ts';
import { report } from '../report.ts';
import { count, credits, indent, oneLine, safe, table } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface CleanFlags extends NetworkFlags {
  readonly yes?: boolean;
}

interface LogsFlags extends NetworkFlags {
  readonly follow?: boolean;
  readonly lines: number;
}

const LINES = 50;
const LINES_MAX = 100_000;
/** How long nodes may take to end, ms. */
const STOP_MS = 30_000;
const LOOK_MS = 50;

export const downCommand: Register = (program, io, done) => {
  program
    .command('down')
    .summary('stop running nodes')
    .description(
      'Stops the nodes of a network, or one of them, and waits until they have ended. Nothing is lost: `up` goes on.',
    )
    .option(...NODE_OPTION)
    .option(...NETWORK_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('down', 'down --node globex', 'down --json'))
    .action(async (options: NetworkFlags) => done(await down(io, options)));
};

export const statusCommand: Register = (program, io, done) => {
  program
    .command('status')
    .summary('what runs here, how far it is, what it owns')
    .description(
      'Shows the nodes of a network: whether they run, their peers, how far they are in the log, what their agents own.',
    )
    .option(...NODE_OPTION)
    .option(...NETWORK_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('status', 'status --node acme', 'status --json'))
    .action(async (options: NetworkFlags) => done(await status(io, options)));
};

export const inviteCommand: Register = (program, io, done) => {
  program
    .command('invite')
    .summary('make an invitation for another organisation')
    .description(
      'Makes a word with which one organisation joins this network, once, within a week. It is a secret until then.',
    )
    .option(...NODE_OPTION)
    .option(...NETWORK_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('invite', 'invite --json'))
    .action(async (options: NetworkFlags) => done(await invite(io, options)));
};

export const cleanCommand: Register = (program, io, done) => {
  program
    .command('clean')
    .summary('remove a network of this home')
    .description(
      'Removes the files of a network: genesis, log, stores, content, logs. If the network was made in this home, the keys that were made with it go too; those of a network that was joined stay, since they own what they own there. Nothing brings it back.',
    )
    .option('--yes', 'yes, remove it')
    .option(...NETWORK_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('clean --yes', 'clean --network trial --yes'))
    .action(async (options: CleanFlags) => done(await clean(io, options)));
};

export const logsCommand: Register = (program, io, done) => {
  program
    .command('logs')
    .summary("print a node's log")
    .description('Prints the end of the log of a node, running or not.')
    .argument('[node]', 'the node, where this home has several; --node says the same')
    .option('--lines <n>', 'how many lines', wholeNumber(1, LINES_MAX), LINES)
    .option('--follow', 'go on printing what comes')
    .option(...NODE_OPTION)
    .option(...NETWORK_OPTION)
    .option(...HOME_OPTION)
    .addHelpText('after', examples('logs', 'logs globex --follow', 'logs --node globex --lines 500'))
    .action(async (node: string | undefined, options: LogsFlags) => done(await logs(io, node, options)));
};

async function down(io: Io, options: NetworkFlags): Promise<ExitCode> {
  const network = await openNetwork(io, options);
  network.folder.genesis();
  if (options.node !== undefined) network.folder.node(options.node).read();
  const isMeant = ({ name }: { readonly name: string }): boolean => options.node === undefined || name === options.node;
  const [allHanging, allRunning] = await Promise.all([hangingNodes(network), runningNodes(network)]);
  const [stuck] = allHanging.filter(isMeant);
  const running = allRunning.filter(isMeant);
  for (const client of running) await client.stop();
  const until = Date.now() + STOP_MS;
  for (const client of running) {
    while (await client.runs()) {
      if (Date.now() > until) {
        const todo = 'Look at its log: canswarm logs';
        throw new CliFailure(EXIT.untrue, 'node_running', `the node "${client.name}" has not ended yet`, '', todo);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
  const stopped = running.map(({ name }) => name);
  if (stuck !== undefined) throw hangs(stuck, stopped.length === 0 ? '' : `Stopped: ${stopped.join(', ')}.`);
  report(io, options.json === true, { stopped }, () =>
    stopped.length === 0 ? 'No node was running.' : `Stopped: ${stopped.join(', ')}`,
  );
  return EXIT.ok;
}

function hangs(node: NodeClient, means: string): CliFailure {
  const what = `the node "${node.name}" is there and does not answer`;
  const todo = 'End its process: canswarm doctor says more. After kill -9 nothing has to be repaired.';
  return new CliFailure(EXIT.environment, 'node_hangs', what, means, todo);
}

async function status(io: Io, options: NetworkFlags): Promise<ExitCode> {
  const network = await openNetwork(io, options);
  const { folder, canswarm } = network;
  folder.genesis();
  const names = options.node === undefined ? folder.nodes() : [folder.node(options.node).read().name];
  const nodes: (NodeStatus | { readonly node: string; readonly running: false; readonly hangs: boolean })[] = [];
  for (const name of names) {
    const client = new canswarm.NodeClient(folder.node(name));
    const life = await client.life();
    nodes.push(life === 'runs' ? await client.status() : { node: name, running: false, hangs: life === 'hangs' });
  }
  report(io, options.json === true, { network: folder.name, home: network.home.path, nodes }, () =>
    nodes
      .map((node) => {
        if ('pid' in node) return describe(io, node);
        return `${node.node}: ${node.hangs ? 'is there and does not answer (canswarm doctor)' : 'does not run (canswarm up)'}`;
      })
      .join('\n\n'),
  );
  return nodes.some((node) => 'pid' in node) ? EXIT.ok : EXIT.untrue;
}

const CONTACT: Readonly<Record<NodeStatus['contact']['state'], string>> = {
  online: 'log and peers',
  log_lost: 'peers alone: cut off from the log',
  peers_lost: 'the log alone: cut off from peers',
  isolated: 'none: cut off from the log and from peers',
};

const PROBLEM: Readonly<Record<NodeStatus['problems'][number]['what'], string>> = {
  log: 'entries are not taken',
  peers: 'no peer is heard',
  watch: 'the log is only looked at now and then',
  time: 'log time stands still',
  policy: 'its policy engine decides otherwise; it does not vote',
  presence: 'others cannot see that it is at the log',
};

const speculated = ({ begun, salvaged, wasted, stale, open }: NodeStatus['speculation']): string =>
  `${count(begun, 'work')} without the log: ${salvaged} used, ${wasted} for nothing, ${stale} out of date, ${open} open`;

function describe(io: Io, status: NodeStatus): string {
  const paint = painter(io, io.out);
  const { node, org, pid, network, position, cursor, head, activeVerifiers, openNeeds } = status;
  const { api, transport, agents, upSeconds, problems, contact, speculation } = status;
  const waiting = contact.waiting === 0 ? '' : `, ${count(contact.waiting, 'entry', 'entries')} wait for the log`;
  const behind = head > cursor ? `, ${count(head - cursor, 'record')} behind the log` : '';
  const refused = Object.entries(transport.refused).map(([reason, times]) => `${reason} ${times}`);
  const facts = [
    ['network', network],
    ['process', `${pid}, up ${upSeconds} s`],
    ['log', `entry ${position}${behind}, ${new Date(status.logTime).toISOString()}`],
    ['verifiers', `${activeVerifiers} active`],
    ['needs', `${openNeeds} open`],
    ...(api === null ? [] : [['api', api]]),
    ['peers', transport.peers.length === 0 ? 'none' : `${transport.peers.length}`],
    ['contact', `${CONTACT[contact.state]}${waiting}`],
    ...(speculation.begun === 0 ? [] : [['speculative', speculated(speculation)]]),
    ...(refused.length === 0 ? [] : [['refused', refused.join(', ')]]),
    ...problems.map(({ what, message }) => ['problem', `${PROBLEM[what]}: ${oneLine(message)} (canswarm doctor)`]),
  ];
  const rows = agents.map(({ name, org: whose, roles, free, stake, reserve, active, joined }) => [
    name,
    whose,
    roles.join(', '),
    credits(free),
    credits(stake + reserve),
    !joined ? 'joining' : active === false ? 'inactive' : '',
  ]);
  const head1 = paint('bold', `${node} (${org})`);
  return [
    head1,
    indent(table(facts)),
    indent(table([['agent', 'organisation', 'does', 'free', 'staked', ''], ...rows])),
  ].join('\n');
}

async function invite(io: Io, options: NetworkFlags): Promise<ExitCode> {
  const network = await openNetwork(io, options);
  const client = await actingNode(network, options, canInvite);
  const { invitation } = await client.invite();
  report(io, options.json === true, { invitation }, () => invitation);
  return EXIT.ok;
}

async function clean(io: Io, options: CleanFlags): Promise<ExitCode> {
  const network = await openNetwork(io, options);
  const { folder } = network;
  folder.genesis();
  const [stuck] = await hangingNodes(network);
  if (stuck !== undefined) throw hangs(stuck, 'Nothing was removed.');
  const [running] = await runningNodes(network);
  if (running !== undefined) {
    throw new CliFailure(
      EXIT.untrue,
      'node_running',
      `the node "${running.name}" runs`,
      'Nothing was removed.',
      'Stop it first: canswarm down',
    );
  }
  if (options.yes !== true) {
    const what = `${safe(folder.path)} would be removed`;
    const means = 'Its log is the only record of who owns what in this network.';
    throw new CliFailure(EXIT.usage, 'not_confirmed', what, means, 'If you mean it: canswarm clean --yes');
  }
  const keys = folder.ownKeys();
  folder.remove();
  for (const name of keys) await network.home.keys.remove(name);
  report(io, options.json === true, { removed: folder.path, keys }, () =>
    keys.length > 0
      ? `Removed ${safe(folder.path)}, and ${count(keys.length, 'key')} made with it.`
      : `Removed ${safe(folder.path)}. Keys are kept: canswarm key list`,
  );
  return EXIT.ok;
}

async function logs(io: Io, word: string | undefined, options: LogsFlags): Promise<ExitCode> {
  const name = word ?? options.node;
  if (options.node !== undefined && options.node !== name)
    throw new CliFailure(EXIT.usage, 'usage', 'two nodes are named', '', 'Name one: canswarm logs --node NODE');
  const { folder } = await openNetwork(io, options);
  folder.genesis();
  const [only, ...others] = folder.nodes();
  if (name === undefined && others.length > 0) {
    throw new CliFailure(
      EXIT.usage,
      'usage',
      `there are several nodes: ${[only, ...others].join(', ')}`,
      '',
      'Name one: canswarm logs --node NODE',
    );
  }
  if (name !== undefined) folder.node(name).read();
  const path = folder.node(name ?? only ?? '').logsPath;
  const files = existsSync(path)
    ? readdirSync(path)
        .filter((file) => file.endsWith('.log'))
        .sort()
    : [];
  const current = join(path, 'node.log');
  if (files.length === 0) {
    throw new CliFailure(
      EXIT.untrue,
      'not_found',
      `there is no log in ${safe(path)}`,
      'The node has not run yet.',
      'Start it with: canswarm up',
    );
  }
  for (const line of await lastLines(existsSync(current) ? current : join(path, files[0] ?? ''), options.lines))
    io.out.write(`${line}\n`);
  if (options.follow === true) await followFile(io, current);
  return EXIT.ok;
}

async function textFrom(path: string, start: number): Promise<string> {
  let text = '';
  for await (const chunk of createReadStream(path, { start, encoding: 'utf8' })) text += String(chunk);
  return text;
}

/** Reads no more of the file than its last lines can take. */
async function lastLines(path: string, lines: number): Promise<readonly string[]> {
  const { size } = statSync(path);
  const text = await textFrom(path, Math.max(0, size - lines * 1_024));
  return text.split('\n').slice(0, -1).slice(-lines);
}

/** Prints what is added to a file, over its rotations, until the command is interrupted. */
async function followFile(io: Io, path: string): Promise<void> {
  let at = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const watcher = watch(join(path, '..'), { signal: io.signal });
  try {
    for await (const _ of eventsOf(watcher, io.signal)) {
      const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (size < at) at = 0;
      if (size === at) continue;
      io.out.write(await textFrom(path, at));
      at = size;
    }
  } finally {
    watcher.close();
  }
}

async function* eventsOf(watcher: ReturnType<typeof watch>, signal: AbortSignal): AsyncGenerator<void> {
  while (!signal.aborted) {
    const next = Promise.withResolvers<void>();
    watcher.once('change', () => next.resolve());
    signal.addEventListener('abort', () => next.resolve(), { once: true });
    await next.promise;
    if (!signal.aborted) yield;
  }
}
