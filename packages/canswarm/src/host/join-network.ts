import { libp2pTransport } from '@canswarm/libp2p';
import { type Transport, TransportError } from '@canswarm/ports';
import {
  type Credential,
  type Crypto,
  type Did,
  decodeCbor,
  didOfKey,
  encodeCbor,
  encodeGenesis,
  type Genesis,
  genesisCid,
  isList,
  isMap,
  ownField,
  parseDid,
  parseGenesis,
} from '@canswarm/protocol';
import type { SettingValues } from '../home/config/settings.ts';
import { organisationPlans, type SkillPlan } from './cast-local.ts';
import { assertLogThere } from './decision-log.ts';
import { freePort } from './free-port.ts';
import { HostError } from './host-error.ts';
import type { Invitation } from './invitation.ts';
import { GENESIS_PROTOCOL, JOIN_PROTOCOL } from './join-desk.ts';
import type { KeyRing } from './key-ring.ts';
import { type NetworkFolder, requireName } from './network-folder.ts';
import type { AgentEntry } from './node-file.ts';

const REACH_MS = 15_000;
const ASK_MS = 10_000;
const GENESIS_BYTES_MAX = 4_000_000;

export interface JoinOptions {
  readonly folder: NetworkFolder;
  readonly invitation: Invitation;
  readonly org: string;
  readonly skill: SkillPlan;
  readonly keys: KeyRing;
  readonly crypto: Crypto;
  /** How the log is reached, where it is not a file. */
  readonly settings: SettingValues;
}

type Peer = Awaited<ReturnType<typeof libp2pTransport>>;

/**
 * Sets up a node of an organisation in a network that somebody else runs: fetches the genesis and checks it against the name
 * in the invitation, makes keys, and has the authority credential and endow them. Gives the node's name; starting it is
 * another step. Made twice with one invitation it goes on where it stopped.
 */
export async function joinNetwork(options: JoinOptions): Promise<string> {
  const { folder, invitation, org, keys, crypto, skill } = options;
  requireName('the organisation', org);
  if (folder.nodes().includes(org)) return org;
  await assertLogThere(invitation.log, options.settings);
  const peerKey = `${folder.name}.peer-${org}`;
  const seed = await madeOrOpened(keys, peerKey, 'node');
  const { network, addresses } = invitation;
  const peer = await libp2pTransport({ network, seed, sha256: crypto.sha256, bootstrap: addresses });
  try {
    const host = await reach(peer, addresses);
    const genesis = await fetchGenesis(peer, host, invitation, crypto);
    const agents = await Promise.all(
      organisationPlans(org, 1 + (org.length % 4), skill, skill.engines[1] ?? skill.engines[0] ?? '').map(
        async ({ free, stake, ...plan }) => {
          const key = `${folder.name}.${plan.name}`;
          const agentSeed = await madeOrOpened(keys, key, 'agent');
          return { ...plan, key, did: didOfKey(crypto.publicKey(agentSeed)) };
        },
      ),
    );
    const dids = agents.map(({ did }) => did);
    const credentials = await askToJoin(peer, host, { token: invitation.token, org, dids });
    const entries = agents.map((agent, index): AgentEntry => {
      const credential = credentials[index];
      if (credential === undefined) throw new HostError('join_refused', 'the authority sent too few credentials', '');
      return { ...agent, org: credential.org, asn: credential.asn, region: credential.region, credential };
    });
    folder.node(org).write({
      network,
      name: org,
      org,
      peerKey,
      authorityKey: null,
      port: await freePort(new Set(folder.nodes().map((name) => folder.node(name).read().port))),
      log: invitation.log,
      bootstrap: addresses,
      agents: entries,
    });
    if (!folder.exists()) folder.writeGenesis(encodeGenesis(genesis));
    return org;
  } finally {
    await peer.close();
  }
}

/** A join that was interrupted left its keys. */
export async function madeOrOpened(keys: KeyRing, name: string, kind: 'agent' | 'node'): Promise<Uint8Array> {
  try {
    return await keys.open(name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'unknown')) throw error;
    return keys.create(name, kind);
  }
}

/** The inviting node's peer id, once it is connected. */
async function reach(peer: Peer, addresses: readonly string[]): Promise<string> {
  const hosts = addresses.map((address) => address.split('/p2p/').at(-1) ?? '');
  const found = (): string | undefined => hosts.find((host) => peer.peers().includes(host));
  const came = Promise.withResolvers<string>();
  const look = (): void => {
    const host = found();
    if (host !== undefined) came.resolve(host);
  };
  const stop = peer.onPeers(look);
  const timer = setTimeout(() => {
    const hint = 'Is "canswarm up" running there? An invitation is made for the addresses it listens on now.';
    came.reject(
      new HostError('join_timeout', `the inviting node cannot be reached at ${addresses.join(' or ')}`, hint),
    );
  }, REACH_MS);
  look();
  try {
    return await came.promise;
  } finally {
    clearTimeout(timer);
    stop();
  }
}

async function fetchGenesis(peer: Peer, host: string, { network }: Invitation, { sha256 }: Crypto): Promise<Genesis> {
  const limits = { deadlineMs: ASK_MS, maxBytes: GENESIS_BYTES_MAX };
  const parsed = parseGenesis(await peer.request(host, GENESIS_PROTOCOL, new Uint8Array(), limits).catch(unanswered));
  if (parsed.ok && genesisCid(parsed.genesis, sha256) === network) return parsed.genesis;
  throw new HostError(
    'invitation_broken',
    'the inviting node sent another genesis than the invitation names',
    'Ask for a new invitation.',
  );
}

/** What an authority is shown: an invitation, or a member's word that keys are of its organisation. */
type Claim =
  | { readonly token: Uint8Array; readonly org: string; readonly dids: readonly Did[] }
  | { readonly by: Did; readonly signature: Uint8Array; readonly dids: readonly Did[] };

/** Asks the node that holds the authority's key for credentials. Rejects with a HostError `join_refused`. */
export async function askToJoin(
  peer: Pick<Transport, 'request'>,
  host: string,
  claim: Claim,
): Promise<readonly Credential[]> {
  const limits = { deadlineMs: ASK_MS, maxBytes: 65_536 };
  const request = encodeCbor({ ...claim, dids: [...claim.dids] });
  const decoded = decodeCbor(await peer.request(host, JOIN_PROTOCOL, request, limits).catch(unanswered));
  if (!decoded.ok || !isMap(decoded.value)) throw nonsense();
  const message = ownField(decoded.value, 'message');
  if (ownField(decoded.value, 'refused') !== undefined) {
    throw new HostError(
      'join_refused',
      `the authority refuses: ${String(message)}`,
      'Ask for a new invitation: canswarm invite',
    );
  }
  const listed = ownField(decoded.value, 'credentials');
  if (!isList(listed)) throw nonsense();
  return listed.map((item) => {
    if (!isMap(item)) throw nonsense();
    const [org, asn, region, issuer, signature] = ['org', 'asn', 'region', 'issuer', 'signature'].map((key) =>
      ownField(item, key),
    );
    const did = typeof issuer === 'string' ? parseDid(issuer) : undefined;
    if (typeof org !== 'string' || typeof asn !== 'number' || typeof region !== 'string') throw nonsense();
    if (did === undefined || !(signature instanceof Uint8Array)) throw nonsense();
    return { org, asn, region, issuer: did, signature };
  });
}

const nonsense = (): HostError =>
  new HostError('join_refused', 'the inviting node answers nonsense', 'Is it the same version of canswarm?');

function unanswered(error: unknown): never {
  if (!(error instanceof TransportError)) throw error;
  const hint = 'Only the node that made the network can let others in. Is it the one that gave the invitation?';
  throw new HostError('join_refused', `the inviting node does not answer (${error.code})`, hint, { cause: error });
}
