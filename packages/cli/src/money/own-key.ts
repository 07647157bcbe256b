import type { EntryRequest } from '@canswarm/api';
import type { NodeClient } from 'canswarm';
import type { Command } from 'commander';
import { JSON_OPTION } from '../commands/command.ts';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { HOME_OPTION } from '../home/home-options.ts';
import type { Io } from '../io.ts';
import { clientFor, NETWORK_OPTION, type NetworkFlags, NODE_OPTION, openNetwork } from '../network/open-network.ts';
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

/** Has a key of this home say something of its money, and shows what it has then. */
export async function say(io: Io, key: string, what: EntryRequest['say'], options: NetworkFlags): Promise<ExitCode> {
  const client = await clientOf(io, key, options);
  const taken = await client.postEntry({ body: { by: key, say: what } });
  const account = await client.account({ did: taken.by });
  report(io, options.json === true, { ...taken, account }, () => accountText(account));
  return EXIT.ok;
}

/** The node that holds the key, of those that run. */
export async function clientOf(io: Io, key: string, options: NetworkFlags): Promise<NodeClient> {
  const network = await openNetwork(io, options);
  return clientFor(network, options, async ({ name }) =>
    network.folder
      .node(name)
      .read()
      .agents.some((agent) => agent.name === key || agent.did === key),
  );
}

/** A key by its did, or by the name that the node has for it. */
export async function didOf(client: NodeClient, key: string): Promise<string> {
  if (key.startsWith('did:key:')) return key;
  const { agents } = await client.status();
  const found = agents.find(({ name }) => name === key);
  if (found !== undefined) return found.did;
  const todo = `It has: ${agents.map(({ name }) => safe(name)).join(', ')}. Any other key is named by its did.`;
  throw new CliFailure(EXIT.usage, 'unknown_key', `the node "${client.name}" has no key ${safe(key)}`, '', todo);
}
