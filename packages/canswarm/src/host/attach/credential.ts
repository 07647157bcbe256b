import type { Identity, Node } from '@canswarm/node';
import { type Transport, TransportError } from '@canswarm/ports';
import type { Cid, Credential, Did } from '@canswarm/protocol';
import { HostError } from '../host-error.ts';
import type { JoinDesk } from '../join-desk.ts';
import { askToJoin } from '../join-network.ts';
import type { AgentEntry } from '../node-file.ts';
import { signVouch } from '../vouch.ts';

export interface CredentialGround {
  readonly node: Pick<Node, 'identities' | 'state' | 'listen'>;
  readonly transport: Pick<Transport, 'peers' | 'request'>;
  /** This node's own, where it holds the authority. */
  readonly joinDesk: JoinDesk | null;
  readonly network: Cid;
}

/** Peers asked one after the other. */
const PEERS_MAX = 32;
/** How long a node's own keys may take to become members, ms. */
const MEMBER_MS = 15_000;

/**
 * A credential for one more key of this node's organisation: a member of it vouches, and whoever holds the authority's key gives it:
 * this node or one that it is connected with. Rejects with a HostError.
 */
export async function credentialFor(
  did: Did,
  agents: readonly AgentEntry[],
  ground: CredentialGround,
): Promise<Credential> {
  const { node, transport, joinDesk, network } = ground;
  const { signer } = await voucherOf(agents, node);
  const claim = { ...signVouch(signer, network, [did]), dids: [did] };
  if (joinDesk !== null) {
    const own = { request: async (_host: string, _protocol: string, bytes: Uint8Array) => joinDesk.admit(bytes) };
    return one(await askToJoin(own, '', claim));
  }
  let refused: HostError | null = null;
  for (const peer of transport.peers().slice(0, PEERS_MAX)) {
    try {
      return one(await askToJoin(transport, peer, claim));
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      // Only the authority's node serves this; the others do not answer.
      if (!(error.cause instanceof TransportError)) refused = error;
    }
  }
  const members = node.state.members.size;
  const hint =
    'The node that made the network holds its authority. Is it running, and connected with this one? canswarm status';
  throw (
    refused ??
    new HostError(
      'join_timeout',
      `no peer lets keys in (peers: ${transport.peers().length}, members: ${members})`,
      hint,
    )
  );
}

/** A key of this node's organisation that is a member: its requester, else whoever came first. A node that has just begun is awaited. */
async function voucherOf(agents: readonly AgentEntry[], node: CredentialGround['node']): Promise<Identity> {
  const { members } = node.state;
  const known = (): AgentEntry | undefined =>
    agents.find(({ did, requester }) => requester && members.has(did)) ?? agents.find(({ did }) => members.has(did));
  const came = Promise.withResolvers<void>();
  const look = (): void => {
    if (known() !== undefined) came.resolve();
  };
  const stop = node.listen({ onApplied: look });
  const timer = setTimeout(() => came.resolve(), MEMBER_MS);
  look();
  await came.promise;
  clearTimeout(timer);
  stop();
  const did = known()?.did;
  const identity = node.identities.find(({ signer }) => signer.did === did);
  if (identity !== undefined) return identity;
  const hint = 'See whether its agents have joined: canswarm status';
  throw new HostError('refused', 'this node has no key of its organisation that is a member of the network', hint);
}

function one([credential]: readonly Credential[]): Credential {
  if (credential !== undefined) return credential;
  throw new HostError('join_refused', 'the authority sent no credential', 'Is it the same version of canswarm?');
}
