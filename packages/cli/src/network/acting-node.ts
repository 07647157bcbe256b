import type { NodeClient, NodeFolder } from 'canswarm';
import { CliFailure, EXIT } from '../failure.ts';
import { fullName } from '../need/names.ts';
import { safe } from '../text.ts';
import { clientFor, type NetworkFlags, type OpenNetwork } from './open-network.ts';

export type NodeFile = ReturnType<NodeFolder['read']>;

/** Whether a node posts and pays for its organisation. */
export const canPay = ({ agents }: NodeFile): boolean => agents.some(({ requester }) => requester);

/** Whether a node lets organisations into the network. */
export const canInvite = ({ authorityKey }: NodeFile): boolean => authorityKey !== null;

/**
 * The running node through which a command spends or speaks for an organisation: the one named, else one of this home's own organisation.
 * When that does not run it is refused: nobody else pays in its place.
 */
export async function actingNode(
  network: OpenNetwork,
  options: NetworkFlags,
  can: (file: NodeFile) => boolean,
): Promise<NodeClient> {
  if (options.node !== undefined) return clientFor(network, options);
  const { canswarm, folder } = network;
  folder.genesis();
  const own = ownNodes(network, can).map(({ name }) => new canswarm.NodeClient(folder.node(name)));
  const lives = await Promise.all(own.map((client) => client.life()));
  const running = own.find((_, index) => lives[index] === 'runs');
  if (running !== undefined) return running;
  throw notRunning(network, own, lives.includes('hangs'));
}

/**
 * Those of the nodes that `can` for which commands act when none is named. They are of one organisation: of the only one, else of the one
 * that made the network here. Where others made it none of several comes before the rest: throws a CliFailure, so that one that joins
 * later changes nobody's payer. When no node can, all are asked: each says itself what it lacks.
 */
export function ownNodes({ folder }: OpenNetwork, can: (file: NodeFile) => boolean): readonly NodeFile[] {
  const all = folder.nodes().map((name) => folder.node(name).read());
  const able = all.some(can) ? all.filter(can) : all;
  const orgs = [...new Set(able.map(({ org }) => org))];
  const founder = all.find(({ authorityKey }) => authorityKey !== null)?.org;
  const own = orgs.length > 1 ? orgs.find((org) => org === founder) : orgs[0];
  if (own !== undefined || able.length === 0) return able.filter(({ org }) => org === own);
  const nodes = able.map(({ name, org }) => `"${safe(name)}" of ${safe(org)}`);
  const means = 'None of them made the network, so none acts unless it is named.';
  const todo = `Name one of them, such as: --node ${safe(able[0]?.name ?? '')}`;
  throw new CliFailure(EXIT.usage, 'usage', `there are several nodes: ${nodes.join(', ')}`, means, todo);
}

function notRunning({ folder }: OpenNetwork, own: readonly NodeClient[], hangs: boolean): CliFailure {
  const names = own.map(({ name }) => name);
  const [first] = names;
  const verb = hangs ? 'does not answer' : 'does not run';
  const what = names.length === 1 ? `the node "${first}" ${verb}` : `none of the nodes ${names.join(', ')} runs`;
  const others = folder
    .nodes()
    .map((name) => folder.node(name).read())
    .filter(({ org }) => first !== undefined && org !== folder.node(first).read().org);
  const start = hangs ? 'See: canswarm doctor' : 'Start it with: canswarm up';
  const [other] = others;
  if (first === undefined || other === undefined)
    return new CliFailure(EXIT.environment, 'node_not_running', what, 'This command speaks to a running node.', start);
  const { org } = folder.node(first).read();
  const rest = others.map(({ name, org: whose }) => `"${safe(name)}" of ${safe(whose)}`);
  const means = `This command acts for ${safe(org)} unless another node is named. There are: ${rest.join(', ')}.`;
  const own1 = hangs ? start : `${start} --node ${first}`;
  const todo = `${own1}\nTo act for ${safe(other.org)} instead, add: --node ${safe(other.name)}`;
  return new CliFailure(EXIT.environment, 'node_not_running', what, means, todo);
}

/** Whose credits a node's needs are paid with, for people: `acme-requester of acme`. */
export function payerOf({ folder }: OpenNetwork, node: string): string {
  const payer = folder
    .node(node)
    .read()
    .agents.find(({ requester }) => requester);
  return payer === undefined ? 'nobody' : fullName(safe(payer.name), safe(payer.org));
}
