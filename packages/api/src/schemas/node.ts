import { z } from 'zod';
import { named } from './named.ts';
import { cid, count, did, digest, instant, micro } from './scalars.ts';

export const health = named('Health', z.object({ ok: z.literal(true) }).describe('The node answers.'));

const agentStatus = named(
  'AgentStatus',
  z
    .object({
      name: z.string(),
      did,
      org: z.string(),
      roles: z.array(z.string()).describe('What it does: verifier, worker, bystander, requester.'),
      free: micro,
      stake: micro,
      reserve: micro,
      reveals: count.nullable().describe("A verifier's reveals that are left; null for others."),
      active: z
        .boolean()
        .nullable()
        .describe('Whether the network counts it as taking part; null for agents that are no verifiers.'),
      joined: z.boolean().describe('Whether the log knows it as a member.'),
      suspended: z
        .boolean()
        .describe('Whether it voted by another evaluation of the policy, and is drawn for nothing until it conforms.'),
    })
    .describe('One agent of a node, with what it owns.'),
);

const transportStatus = named(
  'TransportStatus',
  z
    .object({
      id: z.string().describe('By which peers know this node.'),
      addresses: z.array(z.string()).describe('Where peers reach it, as multiaddrs.'),
      peers: z.array(z.object({ id: z.string(), address: z.string() })).describe('Who is connected.'),
      refused: z.record(z.string(), count).describe('Peers refused or cut off since the start, by reason.'),
    })
    .describe('How the node stands with its peers.'),
);

const runningProblem = named(
  'RunningProblem',
  z
    .object({
      what: z
        .enum(['log', 'peers', 'watch', 'time', 'policy', 'presence'])
        .describe(
          '`log`: entries are not taken, or nothing of it is had. `peers`: none is heard. `watch`: the log is only looked at now and then. `time`: log time stands still, and every need with it. `policy`: the engine of this node decides otherwise than the conformance vector of the policy says; it does not vote. `presence`: others cannot see that this node is at the log.',
        ),
      code: z.string(),
      message: z.string(),
      since: instant,
    })
    .describe('Something that does not work at present, though the node goes on.'),
);

const sight = named(
  'Sight',
  z
    .object({
      lost: z.boolean(),
      since: instant.describe('Since when it is so.'),
      why: z.string().nullable().describe('What showed last that it is lost; null while it is not.'),
    })
    .describe('One thing that a node can be cut off from.'),
);

const contact = named(
  'Contact',
  z
    .object({
      state: z.enum(['online', 'log_lost', 'peers_lost', 'isolated']),
      log: sight.describe('Lost: it does not answer, or does not take what this node says.'),
      peers: sight.describe('Lost: others take part, and none is heard.'),
      waiting: count.describe('Commands and entries that wait for the log.'),
    })
    .describe('Whether a node is cut off from the log, its peers or both, as it believes.'),
);

const speculation = named(
  'Speculation',
  z
    .object({
      open: count.describe('Of which nothing is known yet.'),
      begun: count,
      salvaged: count.describe('Its result was committed.'),
      wasted: count.describe('Somebody else had the task, or nobody.'),
      stale: count.describe('The task was another by then: it was done anew.'),
    })
    .describe('Work that the node began, or went on with, while it was cut off from the log, since its start.'),
);

export const nodeStatus = named(
  'NodeStatus',
  z
    .object({
      node: z.string(),
      org: z.string(),
      pid: count,
      network: cid.describe('CID of the genesis.'),
      networkName: z.string(),
      version: z.string(),
      upSeconds: count,
      position: count.describe('Entries applied.'),
      digest: digest.describe('Running digest there.'),
      logTime: instant.describe('What the log says the time is.'),
      cursor: count.describe('Of the last record taken.'),
      head: count.describe("Cursor of the log's last record; of the last one taken while the log is lost."),
      clock: instant.describe("The node's own clock."),
      activeVerifiers: count,
      openNeeds: count,
      api: z.string().nullable().describe('Where this API is reached over TCP; null when only by the socket.'),
      transport: transportStatus,
      agents: z.array(agentStatus),
      contact,
      speculation,
      problems: z.array(runningProblem).describe('What does not work at present.'),
      counters: z.record(z.string(), z.number()).describe('Counted since the start; names may change.'),
    })
    .describe('What a running node says of itself.'),
);

const peerReach = named(
  'PeerReach',
  z
    .object({
      id: z.string(),
      roundTripMs: z.number().min(0).nullable().describe('Time of a question and its answer; null for none.'),
    })
    .describe('Whether a connected peer answers.'),
);

export const reach = named('Reach', z.object({ peers: z.array(peerReach) }));

export const invitation = named(
  'Invitation',
  z.object({ invitation: z.string().describe('A word; a secret until it was used.') }),
);

export const stopping = named('Stopping', z.object({ stopping: z.literal(true) }));

export const openApi = named('OpenApi', z.looseObject({ openapi: z.string() }).describe('An OpenAPI document.'));
