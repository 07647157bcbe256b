import {
  type HiredWork,
  type HireOptions,
  hireOn,
  type InputOf,
  jsonSchemaOf,
  type OutputOf,
  type SchemaLike,
  type SkillOffer,
  type SkillRef,
  verificationTerms,
} from '@canswarm/agent';
import { type Did, presetParams } from '@canswarm/protocol';
import { NeedBook } from '../host/need-book.ts';
import { CREDIT, localCast } from '../network/cast.ts';
import { type EmbeddedPorts, openEmbedded } from '../network/embedded.ts';
import { createNetwork, type Network } from '../network/network.ts';
import { genesisPolicy } from '../policy/network-policies.ts';
import { CHECK_ENGINE } from '../skills/index.ts';
import { SKILLS_URL } from '../skills/url.ts';
import { type AgentFile, agentFile, agentMember } from './agent-members.ts';
import { LocalDesk } from './local-desk.ts';
import { ProgressBoard } from './progress-board.ts';

export interface OpenNetworkOptions {
  /** Files of agents (paths or URLs of modules with an agent as their default export) that take part. */
  readonly agents?: readonly (string | URL)[];
  /** Folder of a built policy that everything has to pass; left out: none. */
  readonly policy?: string;
}

/** A whole network in this process: sixteen verifiers of twelve organisations, the agents given, and you as the requester. */
export interface OpenNetwork {
  /** Hires an agent of this network. */
  hire<In extends SchemaLike, Out extends SchemaLike>(
    skill: SkillRef<In, Out>,
    input: InputOf<In>,
    options: HireOptions,
  ): Promise<HiredWork<OutputOf<Out>>>;
  /** Micro-credits that an agent, or "requester", owns in all: free, staked, reserved and bonded. */
  balance(name: string): number;
  /** Stops every node and removes what was on disk. Results must be taken before. */
  close(): Promise<void>;
}

const FREE = 1_000 * CREDIT;
const STAKE = 1_000 * CREDIT;
const CHAIN_LENGTH = 4_096;
/** Nodes that host the verifiers and agents: each verifies, stores and applies everything for itself. */
const HOSTS = 5;
const THREADS = 4;
const GATHER_MS = 2;

/**
 * Opens a network in this process, with no server: real keys, log, committees, money. Rejects with a TypeError when a file holds no
 * agent.
 *
 * ```ts
 * const net = await network({ agents: [new URL('./agent.ts', import.meta.url)] });
 * const work = await net.hire('word-count', { text: 'to be or not to be' }, { budget: 2 });
 * console.log(await work.result());
 * await net.close();
 * ```
 */
export async function network({ agents = [], policy }: OpenNetworkOptions = {}): Promise<OpenNetwork> {
  const files = await Promise.all(agents.map(agentFile));
  const embedded = await openEmbedded({ skillModule: SKILLS_URL, threads: THREADS });
  const made = createNetwork({
    name: 'local',
    params: presetParams('dev'),
    cast: [
      ...localCast({ skill: '', workers: [], evaluate: CHECK_ENGINE, inspect: CHECK_ENGINE, stake: STAKE, free: FREE }),
      ...files.map(agentMember),
    ],
    chainLength: CHAIN_LENGTH,
    gatherMs: GATHER_MS,
    hosts: HOSTS,
    ports: embedded.ports,
    ...(policy === undefined ? {} : { policy: genesisPolicy(policy) }),
  });
  const desk = deskOf(made, embedded, files);
  made.start();
  return {
    hire: (skill, input, options) => hireOn(desk, skill, input, options),
    balance: (name) => balanceOf(made, made.person(name).did),
    async close() {
      await made.stop();
      await embedded.close();
    },
  };
}

function deskOf(
  made: Network,
  { content, crypto, runner, clock }: EmbeddedPorts,
  files: readonly AgentFile[],
): LocalDesk {
  const { node, did: requester } = made.person('requester');
  const nameOf = (did: Did): string => made.byDid(did)?.member.name ?? `…${did.slice(-8)}`;
  const book = new NeedBook(nameOf);
  node.listen({ onApplied: (applied, state) => book.take(applied, state) });
  return new LocalDesk({
    genesis: made.genesis,
    node,
    requester,
    book,
    board: new ProgressBoard(node, content),
    content,
    crypto,
    runner,
    clock,
    nameOf,
    find: (skill) => findOffer(files, skill),
  });
}

async function findOffer(files: readonly AgentFile[], id: string): Promise<SkillOffer | null> {
  for (const { agent } of files) {
    const skill = Object.hasOwn(agent.skills, id) ? agent.skills[id] : undefined;
    if (skill?.execute === undefined) continue;
    const [input, output] = [jsonSchemaOf(skill.inputSchema, 'input'), jsonSchemaOf(skill.outputSchema, 'output')];
    if (!input.ok || !output.ok) throw new Error('a defined agent has schemas');
    const verification = await verificationTerms(skill.verification);
    return {
      skill: id,
      description: skill.description,
      inputSchema: input.schema,
      outputSchema: output.schema,
      verification,
    };
  }
  return null;
}

function balanceOf(made: Network, did: Did): number {
  const { accounts } = made.person('requester').node.state;
  return [...accounts].reduce((sum, [account, amount]) => (account.includes(did) ? sum + amount : sum), 0);
}
