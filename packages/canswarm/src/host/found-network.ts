import { peerIdOf } from '@canswarm/libp2p';
import { HashChain } from '@canswarm/node';
import { basePolicy } from '@canswarm/policies';
import { type Crypto, didOfKey, encodeGenesis, type Genesis, genesisCid, presetParams } from '@canswarm/protocol';
import { genesisPolicy } from '../policy/network-policies.ts';
import { readConformance } from '../policy/policy-folder.ts';
import { chainSecret } from './agents.ts';
import {
  type AgentPlan,
  arbiterPlans,
  bystanderPlan,
  organisationPlans,
  type SkillPlan,
  verifierPlans,
  workerPlan,
} from './cast-local.ts';
import { etcdPlace } from './decision-log.ts';
import { freePort } from './free-port.ts';
import { HostError } from './host-error.ts';
import type { KeyRing } from './key-ring.ts';
import { type NetworkFolder, requireName } from './network-folder.ts';
import type { AgentEntry } from './node-file.ts';

/** Credits that may ever be minted, micro. */
const SUPPLY_CAP = 1_000_000_000_000_000;
/** What sponsored trials are paid from, micro. */
const TRIAL_FUND = 1_000_000_000;
export const PROCESSES_MAX = 16;
/** Verifiers with which a network that begins in bootstrap leaves it. */
const BOOTSTRAP_VERIFIERS = 10;

export interface FoundOptions {
  readonly folder: NetworkFolder;
  /** The owner's organisation; null: "local", with workers of two other organisations beside it. */
  readonly org: string | null;
  /** Nodes among which the agents are dealt, 1..`PROCESSES_MAX`. */
  readonly nodes: number;
  /** Verifiers to begin with, 1 to 9, in bootstrap; left out: as many as a network needs, and no bootstrap. */
  readonly bootstrap?: number;
  /** Keys that have the last word on challenges that a jury decides, 0 to 7; left out: none. */
  readonly arbiters?: number;
  /** Folder of the policy that everything has to pass; null: none; left out: the base policy. */
  readonly policy?: string | null;
  /** What keeps its decision log; left out: a file. */
  readonly log?: 'sqlite' | 'etcd';
  /** In how many buckets a log in etcd spreads its content over clusters, 1 to 256; left out: one. */
  readonly buckets?: number;
  readonly skill: SkillPlan;
  readonly keys: KeyRing;
  readonly crypto: Crypto;
  /** Wall clock, ms. */
  readonly now: number;
}

interface Listed {
  readonly accounts: Genesis['accounts'][number][];
  readonly members: Genesis['members'][number][];
  readonly arbiters: Genesis['arbiters'][number][];
}

interface Placed {
  readonly plan: AgentPlan;
  readonly node: string;
}

/**
 * Makes a network on this machine: keys, genesis, a folder for each node. The first node holds the authority's key, which
 * endows and credentials those who join. Names of the nodes.
 */
export async function foundNetwork(options: FoundOptions): Promise<readonly string[]> {
  const { folder, org, nodes, keys, crypto } = options;
  if (folder.exists()) {
    throw new HostError('network_exists', `the network "${folder.name}" exists already`, 'Start it with: canswarm up');
  }
  if (org !== null) requireName('the organisation', org);
  // Before any key is made: a network that cannot be made leaves nothing behind.
  const policy = policyOf(options);
  const owner = org ?? 'local';
  const names = nodes === 1 ? [owner] : Array.from({ length: nodes }, (_, index) => `node-${index + 1}`);
  const agents = new Map<string, AgentEntry[]>();
  const genesis: Listed = { accounts: [], members: [], arbiters: [] };
  const judges = arbiterPlans(options.arbiters ?? 0);
  for (const { plan, node } of deal([...plansOf(owner, org === null, options), ...judges], names)) {
    const { free, stake, ...rest } = plan;
    const key = `${folder.name}.${plan.name}`;
    const seed = await keys.create(key, 'agent').catch((error: unknown) => keysLeft(folder.name, error));
    const did = didOfKey(crypto.publicKey(seed));
    agents.set(node, [...(agents.get(node) ?? []), { ...rest, key, did, credential: null }]);
    const chain =
      plan.chainLength === null ? null : new HashChain(chainSecret(seed, crypto), plan.chainLength, crypto.sha256);
    genesis.accounts.push({ did, free, stake });
    if (judges.includes(plan)) genesis.arbiters.push(did);
    const { asn, region } = plan;
    genesis.members.push({ did, org: plan.org, asn, region, tip: chain?.tip ?? null, chainLength: chain?.length ?? 0 });
  }
  const authorityKey = `${folder.name}.authority`;
  const authority = didOfKey(crypto.publicKey(await keys.create(authorityKey, 'authority')));
  const { buckets = 1 } = options;
  const spread = buckets === 1 ? {} : { buckets };
  const made = { ...genesisOf(folder.name, options, authority, genesis), ...policy, ...spread };
  const network = genesisCid(made, crypto.sha256);
  const ports = new Set<number>();
  const doors = await Promise.all(names.map((name) => openDoor(folder, name, ports, keys)));
  for (const [index, name] of names.entries()) {
    const door = doors[index];
    if (door === undefined) throw new Error(`${name} has no door`);
    folder.node(name).write({
      network,
      name,
      org: owner,
      peerKey: door.peerKey,
      authorityKey: index === 0 ? authorityKey : null,
      port: door.port,
      log: options.log === 'etcd' ? etcdPlace(network) : folder.logPath,
      bootstrap: doors.filter((other) => other !== door).map(({ address }) => address),
      agents: agents.get(name) ?? [],
    });
  }
  if (options.policy !== null) folder.writeVector(readConformance(options.policy ?? basePolicy));
  folder.writeGenesis(encodeGenesis(made));
  return names;
}

/** Keys outlive the network they were made for, when it is removed or its making is interrupted. */
function keysLeft(network: string, error: unknown): never {
  if (!(error instanceof Error && 'code' in error && error.code === 'exists')) throw error;
  const what = `keys of an earlier network "${network}" are still in this home`;
  const todo =
    'Make one of another name: canswarm config set network NAME, then canswarm up. Or remove those keys for ever: canswarm key list, canswarm key remove';
  throw new HostError('network_exists', what, todo, { cause: error });
}

/** The key and port of a node, and the address at which the others find it. */
async function openDoor(
  folder: NetworkFolder,
  name: string,
  ports: Set<number>,
  keys: KeyRing,
): Promise<{ readonly peerKey: string; readonly port: number; readonly address: string }> {
  const peerKey = `${folder.name}.peer-${name}`;
  const peer = await peerIdOf(await keys.create(peerKey, 'node'));
  const port = await freePort(ports);
  return { peerKey, port, address: `/ip4/127.0.0.1/tcp/${port}/p2p/${peer}` };
}

function plansOf(
  owner: string,
  alone: boolean,
  { skill, bootstrap }: Pick<FoundOptions, 'skill' | 'bootstrap'>,
): readonly AgentPlan[] {
  const [first = '', second = first] = skill.engines;
  const others = alone ? [workerPlan(1, skill, second), workerPlan(2, skill, first)] : [];
  return [
    ...verifierPlans(skill, bootstrap),
    ...organisationPlans(owner, 0, skill, first),
    ...others,
    bystanderPlan(skill),
  ];
}

/** Keys of one organisation stay together; the owner's are with the first node, whoever works for others spread out. */
function deal(plans: readonly AgentPlan[], names: readonly string[]): readonly Placed[] {
  const orgs = [...new Set(plans.filter(({ chainLength }) => chainLength !== null).map(({ org }) => org))];
  let workers = 0;
  return plans.map((plan) => {
    const verifier = orgs.indexOf(plan.org);
    if (verifier < 0 && plan.name.startsWith('worker-')) workers += 1;
    const place = verifier >= 0 ? verifier : plan.name.startsWith('worker-') ? workers : 0;
    return { plan, node: names[place % names.length] ?? '' };
  });
}

/** The policy as the genesis holds it. Throws PolicyFault. */
function policyOf({ policy = basePolicy }: Pick<FoundOptions, 'policy'>): Pick<Genesis, 'policy'> {
  if (policy === null) return {};
  return { policy: genesisPolicy(policy) };
}

function genesisOf(
  name: string,
  { now, bootstrap }: Pick<FoundOptions, 'now' | 'bootstrap'>,
  authority: Genesis['authority'],
  listed: Pick<Genesis, 'accounts' | 'members' | 'arbiters'>,
): Genesis {
  const bootstrapVerifiers = bootstrap === undefined ? 0 : BOOTSTRAP_VERIFIERS;
  const params = presetParams('dev', { bootstrapVerifiers, trialFund: TRIAL_FUND });
  const base = { v: 1, kind: 'genesis', name, time: now, incarnation: 1, rulesVersion: 1, epoch: 1 } as const;
  return { ...base, authority, supplyCap: SUPPLY_CAP, params, ...listed };
}
