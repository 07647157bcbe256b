import type { AgentStatus, NodeStatus } from '@canswarm/api';
import { freeAccount, isSuspended, poolOf, reserveAccount, stakeAccount } from '@canswarm/kernel';
import { toHex } from '@canswarm/protocol';
import { SHARD } from '../network/network.ts';
import { VERSION } from '../version.ts';
import type { AgentEntry } from './node-file.ts';
import type { HostParts } from './run-host.ts';

/** What a node says of itself to its owner. `api` is where it is reached over TCP. */
export async function statusOf(parts: HostParts, api: string | null): Promise<NodeStatus> {
  const { node, file, folder, log, transport, meter, problems, startedAt, genesis } = parts;
  const { state } = node;
  return {
    node: file.name,
    org: file.org,
    pid: process.pid,
    network: file.network,
    networkName: folder.network.name,
    version: VERSION,
    upSeconds: Math.round((Date.now() - startedAt) / 1_000),
    position: state.position,
    digest: toHex(state.digest),
    logTime: state.time === genesis.time && state.position === 0 ? genesis.time : state.time,
    cursor: node.cursor,
    head: node.contact.log.lost ? node.cursor : await log.head(SHARD),
    clock: Date.now(),
    activeVerifiers: poolOf(state).active,
    openNeeds: state.needs.size,
    api,
    transport: transportOf(transport),
    agents: file.agents.map((agent) => agentStatus(agent, parts)),
    contact: node.contact,
    speculation: node.speculation,
    problems: problems.list(),
    counters: meter.read(),
  };
}

function transportOf(transport: HostParts['transport']): NodeStatus['transport'] {
  const { id, addresses, peers, refused } = transport.status();
  return { id, addresses, peers, refused: { ...refused } };
}

function agentStatus(agent: AgentEntry, { node }: HostParts): AgentStatus {
  const { did, name, org, chainLength, execute, inspect, requester } = agent;
  const member = node.state.members.get(did);
  const roles = [
    ...(chainLength === null ? [] : ['verifier']),
    ...(execute === null ? [] : ['worker']),
    ...(inspect === null ? [] : ['bystander']),
    ...(requester ? ['requester'] : []),
  ];
  return {
    name,
    did,
    org,
    roles,
    free: node.balance(freeAccount(did)),
    stake: node.balance(stakeAccount(did)),
    reserve: node.balance(reserveAccount(did)),
    reveals: chainLength === null ? null : (member?.revealsLeft ?? 0),
    active: chainLength === null ? null : (member?.active ?? false),
    joined: member !== undefined,
    suspended: isSuspended(node.state, did),
  };
}
