import type { EntryRequest } from '@canswarm/api';
import type { NodeClient } from 'canswarm';
import type { Command } from 'commander';
import { JSON_OPTION } from '../commands/command.ts';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { HOME_OPTION } from '../home/home-options.ts';
import type { Io } from '../io.ts';
import { ownNodes } from '../network/acting-node.ts';
import {
  clientFor,
  NETWORK_OPTION,
  type NetworkFlags,
  NODE_OPTION,
  type OpenNetwork,
  openNetwork,
} from '../network/open-network.ts';
import { amount } from '../plain-options.ts';
import { report } from '../report.ts';
import { safe } from '../text.ts';
import { accountText } from './account-text.ts';

export const KEY = ['<key>', 'the agent or verifier of this home, by its name or did'] as const;
export const AMOUNT = ['<credits>', 'how much', amount] as const;

export const onNode = (command: Command): Command =>
  command
    .option(...NODE_OPTION)
    .option(...NETWORK_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION);

const END_CHARS_MIN = 4;

/** Whether an id is meant, said whole or by its end. */
export const isCalled = (id: string, said: string): boolean => said.length >= END_CHARS_MIN && id.endsWith(said);

/** Has a key of this home say something of its money, and shows what came of it and what the key has then. */
export async function say(io: Io, key: string, what: EntryRequest['say'], options: NetworkFlags): Promise<ExitCode> {
  const client = await clientOf(io, key, options);
  const by = await didOf(io, client, key, options);
  const call = { signal: io.signal };
  await client.health(call);
  const taken = await client.postEntry({ body: { by, say: what } }, call).catch((error: unknown) => {
    throw outcomeOf(error, { verb: what.verb, key, interrupted: io.signal.aborted });
  });
  const account = await client.account({ did: taken.by }, call);
  report(io, options.json === true, { ...taken, account }, () =>
    [entryText(what.verb, taken), accountText(account)].join('\n'),
  );
  return EXIT.ok;
}

/** One line on an entry that the log took. */
export const entryText = (verb: string, { position, id }: { readonly position: number; readonly id: string }): string =>
  `entry ${position}, ${verb}: ${id}`;

interface Posted {
  readonly verb: string;
  readonly key: string;
  readonly interrupted: boolean;
}

/** What a failed post is to whoever asked: who heard no answer does not know whether it was taken, and is not to pay twice. */
export function outcomeOf(error: unknown, { verb, key, interrupted }: Posted): unknown {
  const isUnheard = error instanceof Error && error.name === 'ApiError' && 'status' in error && error.status === 0;
  if (!interrupted && !isUnheard) return error;
  const what = `${verb} was said and no answer came${interrupted ? ' before the interrupt' : ''}`;
  const means = 'The log may have it, or take it yet; said again it would take effect again.';
  const todo = `Look first what the key has: canswarm stake show ${safe(key)}`;
  return new CliFailure(interrupted ? EXIT.interrupted : EXIT.environment, 'outcome_unknown', what, means, todo);
}

/** The node that holds the key, which has to run; any node that runs for a key that is not of this home. */
export async function clientOf(io: Io, key: string, options: NetworkFlags): Promise<NodeClient> {
  const network = await openNetwork(io, options);
  const { canswarm, folder } = network;
  folder.genesis();
  const isHeld = folder.nodes().some((name) => didIn(network, name, key) !== undefined);
  if (options.node !== undefined || !isHeld) return clientFor(network, options);
  const holders = ownNodes(network, ({ name }) => didIn(network, name, key) !== undefined).map(({ name }) => name);
  const clients = holders.map((name) => new canswarm.NodeClient(folder.node(name)));
  for (const client of clients) if (await client.runs()) return client;
  const what = `the node "${holders[0]}" has the key of ${safe(key)}, and does not answer`;
  const todo = 'See: canswarm doctor. If it does not run, start it with: canswarm up';
  throw new CliFailure(EXIT.environment, 'node_not_running', what, 'What a key says is signed by its node.', todo);
}

/** A key by its did, or by its name: first as `client` has it, then as another node of this home has it. */
export async function didOf(io: Io, client: NodeClient, key: string, options: NetworkFlags): Promise<string> {
  if (DID.test(key)) return key;
  if (key.startsWith('did:')) {
    const todo = 'A whole did is due, as canswarm ledger and canswarm stake show print it.';
    throw new CliFailure(EXIT.usage, 'unknown_key', `${safe(key)} is no did of a key`, '', todo);
  }
  const network = await openNetwork(io, options);
  const others = network.folder.nodes().filter((name) => name !== client.name);
  const own = didIn(network, client.name, key);
  const dids = own === undefined ? others.flatMap((name) => didIn(network, name, key) ?? []) : [own];
  const [did, second] = dids;
  if (did !== undefined && second === undefined) return did;
  const nodes = [client.name, ...others].map((name) => {
    const { agents } = network.folder.node(name).read();
    return `The node "${name}" has: ${agents.map((agent) => safe(agent.name)).join(', ')}.`;
  });
  const what =
    second === undefined ? `no node of this home has a key ${safe(key)}` : `several nodes have a key ${safe(key)}`;
  const todo = [...nodes, 'Any other key is named by its did.'].join('\n');
  throw new CliFailure(EXIT.usage, 'unknown_key', what, '', todo);
}

/** The did of the key of this home that a name alone tells; undefined where none has it, or several have. */
export function didNamed(network: OpenNetwork, name: string): string | undefined {
  const [did, second] = network.folder.nodes().flatMap((node) => didIn(network, node, name) ?? []);
  return second === undefined ? did : undefined;
}

const DID = /^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/;

/** The did of a key of a node, by either of its names; undefined when the node has none such. */
const didIn = ({ folder }: OpenNetwork, node: string, key: string): string | undefined =>
  folder
    .node(node)
    .read()
    .agents.find(({ name, did }) => name === key || did === key)?.did;
