import type { Home, KeyRing, NetworkFolder, NodeClient } from 'canswarm';
import { CliFailure, EXIT } from '../failure.ts';
import { protectionFor } from '../home/choose-protection.ts';
import { type Canswarm, type HomeFlags, openHomeFor } from '../home/home-options.ts';
import { settingFlagsOf } from '../home/setting-flags.ts';
import type { Io } from '../io.ts';
import { loadCanswarm } from '../load.ts';

export interface NetworkFlags extends HomeFlags {
  readonly network?: string;
  readonly node?: string;
}

export const NETWORK_OPTION = ['--network <name>', 'the network meant (default: the setting "network")'] as const;
export const NODE_OPTION = ['--node <name>', 'the node meant, where this home has several'] as const;

/** What a command about a network works with. */
export interface OpenNetwork {
  readonly canswarm: Canswarm;
  readonly home: Home;
  readonly folder: NetworkFolder;
}

/** Opens the home and names the network in it; neither need exist yet. */
export async function openNetwork(io: Io, options: NetworkFlags): Promise<OpenNetwork> {
  const canswarm = await loadCanswarm();
  const home = openHomeFor(io, canswarm, options, settingFlagsOf({ ...options }, canswarm));
  const name = options.network ?? home.config.values.network;
  return { canswarm, home, folder: new canswarm.NetworkFolder(home.path, name) };
}

/** The keys of the home; new ones are protected as the user says. */
export const ringOf = (io: Io, { canswarm, home }: OpenNetwork, options: NetworkFlags): KeyRing =>
  canswarm.homeKeyRing(home, () =>
    protectionFor(io, canswarm, 'the keys of this node', { ...options, passphrase: false }),
  );

/** The nodes of the network that answer now. */
export async function runningNodes({ canswarm, folder }: OpenNetwork): Promise<readonly NodeClient[]> {
  const clients = folder.nodes().map((name) => new canswarm.NodeClient(folder.node(name)));
  const runs = await Promise.all(clients.map((client) => client.runs()));
  return clients.filter((_, index) => runs[index] === true);
}

/** The nodes of the network whose processes are there and do not answer. */
export async function hangingNodes({ canswarm, folder }: OpenNetwork): Promise<readonly NodeClient[]> {
  const clients = folder.nodes().map((name) => new canswarm.NodeClient(folder.node(name)));
  const lives = await Promise.all(clients.map((client) => client.life()));
  return clients.filter((_, index) => lives[index] === 'hangs');
}

/**
 * The running node that a command reads from: the one named, else any. What spends or speaks for an organisation goes to its
 * `actingNode`.
 */
export async function clientFor(network: OpenNetwork, { node }: NetworkFlags): Promise<NodeClient> {
  const { canswarm, folder } = network;
  folder.genesis();
  if (node !== undefined) {
    folder.node(node).read();
    return new canswarm.NodeClient(folder.node(node));
  }
  const [first] = await runningNodes(network);
  if (first !== undefined) return first;
  const known = folder.nodes();
  const what =
    known.length === 1
      ? `the node "${known[0]}" does not run`
      : `none of ${known.length} nodes of "${folder.name}" runs`;
  throw new CliFailure(
    EXIT.environment,
    'node_not_running',
    what,
    'This command speaks to a running node.',
    'Start it with: canswarm up',
  );
}
