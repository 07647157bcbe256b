import { type ContactSettings, HashChain, type Identity, Node, type NodePorts } from '@canswarm/node';
import type { Clock, Random, Signer } from '@canswarm/ports';
import { type Crypto, type Did, didOfKey, type Genesis, type Params } from '@canswarm/protocol';
import { needPolicies, networkPolicies } from '../policy/network-policies.ts';
import type { CastMember } from './cast.ts';

export const SHARD = 'main';

/** What a network is made of. */
export interface NetworkPorts {
  /** Its genesis begins at this time. */
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  /** What a node runs on. */
  node(name: string): Omit<NodePorts, 'random' | 'crypto'>;
}

export interface NetworkOptions {
  readonly name: string;
  readonly params: Params;
  readonly cast: readonly CastMember[];
  /** Reveals in each verifier's hash chain. */
  readonly chainLength: number;
  readonly gatherMs: number;
  /** How many nodes host the cast; members are dealt in turn. Null: one node each. */
  readonly hosts: number | null;
  readonly ports: NetworkPorts;
  /** How nodes find out that they are cut off; the default where nothing is said. */
  readonly contact?: ContactSettings;
  /** What every entry has to pass; left out: nothing. */
  readonly policy?: NonNullable<Genesis['policy']>;
}

/** An agent of a running network. */
export interface Person {
  readonly member: CastMember;
  readonly identity: Identity;
  readonly did: Did;
  readonly node: Node;
}

/** A network inside one process. Every node verifies and stores for itself. */
export interface Network {
  readonly genesis: Genesis;
  readonly people: readonly Person[];
  readonly nodes: ReadonlyMap<string, Node>;
  person(name: string): Person;
  byDid(did: Did): Person | undefined;
  start(): void;
  stop(): Promise<void>;
}

/** Makes keys, chains, genesis and nodes. Nothing runs before `start`. */
export function createNetwork(options: NetworkOptions): Network {
  const { cast, ports, chainLength, hosts } = options;
  const dids = new Map<string, Signer>();
  const keys = ports.random.stream('keys');
  for (const { name } of cast) dids.set(name, signerOf(keys.bytes(32), ports.crypto));
  const identities = cast.map((member) => identityOf(member, dids, ports, chainLength));
  const authority = signerOf(keys.bytes(32), ports.crypto).did;
  const genesis = genesisOf(options, identities, authority);
  const hosted = new Map<string, Identity[]>();
  const hostNames = cast.map((member, index) => (hosts === null ? member.name : `node-${(index % hosts) + 1}`));
  for (const [index, identity] of identities.entries()) {
    const host = hostNames[index] ?? '';
    hosted.set(host, [...(hosted.get(host) ?? []), identity]);
  }
  const nodes = new Map<string, Node>();
  for (const [name, own] of hosted) nodes.set(name, makeNode(name, own, genesis, options));
  const people = cast.map((member, index): Person => {
    const identity = identities[index];
    const node = nodes.get(hostNames[index] ?? '');
    if (identity === undefined || node === undefined) throw new Error(`${member.name} has no node`);
    return { member, identity, did: identity.signer.did, node };
  });
  return assemble(genesis, people, nodes);
}

function assemble(genesis: Genesis, people: readonly Person[], nodes: ReadonlyMap<string, Node>): Network {
  const byName = new Map(people.map((person) => [person.member.name, person]));
  const byDid = new Map(people.map((person) => [person.did, person]));
  return {
    genesis,
    people,
    nodes,
    person(name) {
      const person = byName.get(name);
      if (person === undefined) throw new RangeError(`the network has no ${name}`);
      return person;
    },
    byDid: (did) => byDid.get(did),
    start() {
      for (const node of nodes.values()) node.start();
    },
    async stop() {
      await Promise.all([...nodes.values()].map((node) => node.stop()));
    },
  };
}

function makeNode(
  name: string,
  identities: readonly Identity[],
  genesis: Genesis,
  { ports, gatherMs, contact }: NetworkOptions,
): Node {
  const random: Random = { stream: (stream) => ports.random.stream(`${name}/${stream}`) };
  return new Node({
    genesis,
    shard: SHARD,
    identities,
    gatherMs,
    ...(contact === undefined ? {} : { contact }),
    ports: { policies: networkPolicies, needPolicies, ...ports.node(name), crypto: ports.crypto, random },
  });
}

function signerOf(seed: Uint8Array, crypto: Crypto): Signer {
  const did = didOfKey(crypto.publicKey(seed));
  return { did, sign: (message) => crypto.sign(seed, message) };
}

function identityOf(
  member: CastMember,
  signers: ReadonlyMap<string, Signer>,
  ports: NetworkPorts,
  chainLength: number,
): Identity {
  const signer = signers.get(member.name);
  if (signer === undefined) throw new Error(`${member.name} has no key`);
  const secret = ports.random.stream(`chain/${member.name}`).bytes(32);
  return {
    signer,
    chain: member.verifier ? new HashChain(secret, chainLength, ports.crypto.sha256) : null,
    skills: new Set(member.skills),
    engines: { ...member.engines },
    offer: member.offer,
    disputes: 'facts',
    planner: member.planner === null ? null : (signers.get(member.planner)?.did ?? null),
    share: member.share,
    divides: member.divides,
    silent: false,
    lifeless: false,
  };
}

function genesisOf(
  { name, params, cast, ports, policy }: NetworkOptions,
  identities: readonly Identity[],
  authority: Did,
): Genesis {
  const listed = cast.map((member, index) => ({ member, identity: identities[index] }));
  const accounts = listed.flatMap(({ member, identity }) =>
    identity === undefined ? [] : [{ did: identity.signer.did, free: member.free, stake: member.stake }],
  );
  const members = listed.flatMap(({ member, identity }) => {
    if (identity === undefined) return [];
    const { org, asn, region } = member;
    const chain = identity.chain;
    return [{ did: identity.signer.did, org, asn, region, tip: chain?.tip ?? null, chainLength: chain?.length ?? 0 }];
  });
  const arbiters = listed.flatMap(({ member, identity }) =>
    member.arbiter && identity !== undefined ? [identity.signer.did] : [],
  );
  const supplyCap = accounts.reduce((sum, account) => sum + account.free + account.stake, 0);
  const time = ports.clock.now();
  return {
    v: 1,
    kind: 'genesis',
    name,
    time,
    incarnation: 1,
    rulesVersion: 1,
    epoch: 1,
    authority,
    supplyCap,
    params,
    accounts,
    members,
    arbiters,
    ...(policy === undefined ? {} : { policy }),
  };
}
