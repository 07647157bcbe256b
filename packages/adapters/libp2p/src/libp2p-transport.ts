import {
  assertMessage,
  assertProtocol,
  assertRequest,
  type MessageHandler,
  type RequestHandler,
  type RequestOptions,
  TRANSPORT_MESSAGE_BYTES_MAX,
  type Transport,
  TransportError,
  type Verdict,
} from '@canswarm/ports';
import { type Cid, type Sha256, toHex } from '@canswarm/protocol';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { type GossipSub, gossipsub, type Message, TopicValidatorResult } from '@libp2p/gossipsub';
import { identify } from '@libp2p/identify';
import type { Libp2p, PeerId } from '@libp2p/interface';
import { mdns } from '@libp2p/mdns';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { tcp } from '@libp2p/tcp';
import { createLibp2p } from 'libp2p';
import { Dialer, PEERS_PROTOCOL } from './dialer.ts';
import { Gate, type RefusalReason } from './gate.ts';
import { GossipStreams } from './gossip-streams.ts';
import { GossipTraffic } from './gossip-traffic.ts';
import { judgeSlow } from './judge-slow.ts';
import { ListenError } from './listen-error.ts';
import { type WireNames, wireNames } from './names.ts';
import { passOnLater } from './pass-on.ts';
import { quickNoise } from './quick-noise.ts';
import { quietYamux } from './quiet-yamux.ts';
import { Requests } from './requests.ts';
import { SlowReaders } from './slow-readers.ts';
import { watchFrames } from './watch-frames.ts';
import { watchRpcs } from './watch-rpcs.ts';

export interface Libp2pTransportOptions {
  /** Name of the network: the genesis CID. Peers of other networks are left again. */
  readonly network: Cid;
  /** 32 secret bytes: the same give the same peer id. */
  readonly seed: Uint8Array;
  readonly sha256: Sha256;
  /** Where to listen, as multiaddrs; TCP port 0 takes a free one. Default: loopback, a free port. */
  readonly listen?: readonly string[];
  /** Peers to stay connected with, as multiaddrs. */
  readonly bootstrap?: readonly string[];
  /** Whether to find peers of the network on the local network by mDNS. Default false. */
  readonly mdns?: boolean;
  /** Connections in all; peers in `bootstrap` get in beyond it. Default 128. */
  readonly connectionsMax?: number;
}

/** A peer that is connected. */
export interface ConnectedPeer {
  readonly id: string;
  /** The address of the other end. */
  readonly address: string;
}

/** What an operator wants to know of the transport. */
export interface TransportStatus {
  readonly id: string;
  /** Where peers reach this node, as multiaddrs with its id. */
  readonly addresses: readonly string[];
  readonly peers: readonly ConnectedPeer[];
  /** Peers refused or cut off since the start, by reason. */
  readonly refused: Readonly<Partial<Record<RefusalReason | 'network_other', number>>>;
}

/** Whether a connected peer answers: a connection outlives its wire for a while. */
export interface PeerReach {
  readonly id: string;
  /** Time of a question and its answer; null for none within the deadline. */
  readonly roundTripMs: number | null;
}

export interface Libp2pTransport extends Transport {
  status(): TransportStatus;
  /** Asks every connected peer something small. Resolves within the deadline, ms. */
  reach(deadlineMs: number): Promise<readonly PeerReach[]>;
}

/** Bytes that wait for a peer that does not read, before its stream is reset. */
const OUTBOUND_BYTES_MAX = 16 * 1024 * 1024;
/** A gossip message, with what gossipsub puts around it. */
const INBOUND_BYTES_MAX = TRANSPORT_MESSAGE_BYTES_MAX + 64 * 1024;
const UPGRADE_MS = 3_000;
const REACH_BYTES_MAX = 16_384;
const PENDING_MAX = 128;
/** Connections a second from one address that are looked at: many nodes may share one, and start at once. */
const NEW_CONNECTIONS_PER_SECOND = 50;
/** In one frame. Peers of this network have few topics, so few subscriptions and control messages; the rest is as gossipsub itself makes it. */
const RPC_LIMITS = {
  maxSubscriptions: 64,
  maxControlMessages: 64,
  maxMessages: 5_000,
  maxIhaveMessageIDs: 5_000,
  maxIwantMessageIDs: 5_000,
  maxIdontwantMessageIDs: 512,
  maxPeerInfos: 16,
};
/** Never: envelopes are small, and telling what is not wanted costs more than it saves. */
const NO_IDONTWANT = Number.MAX_SAFE_INTEGER;

type Node = Libp2p<{ readonly gossip: GossipSub }>;

/** The id by which peers know the endpoint with this seed. */
export async function peerIdOf(seed: Uint8Array): Promise<string> {
  return peerIdFromPrivateKey(await generateKeyPairFromSeed('Ed25519', seed)).toString();
}

/** Opens an endpoint that listens and dials. Rejects with a ListenError when it cannot listen. */
export async function libp2pTransport(options: Libp2pTransportOptions): Promise<Libp2pTransport> {
  const { connectionsMax = 128, listen = ['/ip4/127.0.0.1/tcp/0'] } = options;
  const refused = new Map<RefusalReason | 'network_other', number>();
  const count = (reason: RefusalReason | 'network_other'): void => {
    refused.set(reason, (refused.get(reason) ?? 0) + 1);
  };
  const gate = new Gate({ connectionsMax, onRefused: count });
  const names = wireNames(options.network);
  const libp2p = await openLibp2p({ ...options, listen }, gate, names, connectionsMax);
  gate.watch(libp2p);
  const requests = new Requests(libp2p, names.requests, {
    onMalformed: (peer) => gate.reject(peer),
    onUntaken: (peer) => gate.cutOff(peer),
  });
  const dialer = new Dialer(libp2p, gate, options.bootstrap ?? []);
  const streams = new GossipStreams(libp2p, libp2p.services.gossip);
  const ask = (peer: string, deadlineMs: number): Promise<Uint8Array> =>
    requests.request(peer, PEERS_PROTOCOL, new Uint8Array(), { deadlineMs, maxBytes: REACH_BYTES_MAX });
  const slow = new SlowReaders(libp2p, {
    onSlow: (connection) => void judgeSlow(connection, { libp2p, gate, streams, ask }),
    onLost: (peer) => streams.renew(peer),
  });
  watchFrames(libp2p.services.gossip, (peer) => gate.cutOff(peer));
  passOnLater(libp2p.services.gossip);
  const traffic = new GossipTraffic();
  watchRpcs(libp2p.services.gossip, {
    isJudged: (topic) => libp2p.services.gossip.topicValidators.has(topic),
    onUnsound: (peer) => gate.cutOff(peer),
    onForeign: (peer, length) => gate.useless(peer, length, true),
    onFrame: (peer, length) => !gate.isDenied(peer) && (traffic.brought(peer, length) || gate.floods(peer)),
  });
  const endpoint = new Endpoint({ libp2p, gate, names, requests, dialer, streams, slow, traffic, refused, count });
  await requests.start();
  requests.serve(PEERS_PROTOCOL, async () => dialer.tell());
  try {
    await libp2p.start();
  } catch (error) {
    const isOfAddresses = error instanceof Error && error.name === 'UnsupportedListenAddressesError';
    throw isOfAddresses ? new ListenError(listen, error) : error;
  }
  dialer.start();
  slow.start();
  return endpoint;
}

async function openLibp2p(
  {
    seed,
    sha256,
    listen,
    mdns: finds = false,
  }: Libp2pTransportOptions & Required<Pick<Libp2pTransportOptions, 'listen'>>,
  { gater }: Gate,
  names: WireNames,
  connectionsMax: number,
): Promise<Node> {
  return createLibp2p({
    privateKey: await generateKeyPairFromSeed('Ed25519', seed),
    start: false,
    addresses: { listen: [...listen] },
    transports: [tcp({ maxConnections: connectionsMax + PENDING_MAX })],
    connectionEncrypters: [quickNoise()],
    streamMuxers: [quietYamux()],
    connectionGater: gater,
    connectionManager: {
      // The gate decides who is let in: connections once made are never pruned to make room for newcomers.
      maxConnections: Number.MAX_SAFE_INTEGER,
      inboundConnectionThreshold: NEW_CONNECTIONS_PER_SECOND,
      maxIncomingPendingConnections: PENDING_MAX,
      inboundUpgradeTimeout: UPGRADE_MS,
      dialTimeout: UPGRADE_MS,
    },
    ...(finds ? { peerDiscovery: [mdns({ serviceTag: names.service })] } : {}),
    services: {
      identify: identify({ protocolPrefix: 'can' }),
      gossip: gossipsub({
        globalSignaturePolicy: 'StrictNoSign',
        msgIdFn: ({ data }) => sha256(data),
        msgIdToStrFn: toHex,
        allowPublishToZeroTopicPeers: true,
        ignoreDuplicatePublishError: true,
        emitSelf: false,
        asyncValidation: true,
        doPX: false,
        fallbackToFloodsub: false,
        idontwantMinDataSize: NO_IDONTWANT,
        maxOutboundBufferSize: OUTBOUND_BYTES_MAX,
        maxInboundDataLength: INBOUND_BYTES_MAX,
        decodeRpcLimits: RPC_LIMITS,
        scoreParams: { IPColocationFactorWeight: 0 },
      }),
    },
  });
}

interface Parts {
  readonly libp2p: Node;
  readonly gate: Gate;
  readonly names: WireNames;
  readonly requests: Requests;
  readonly dialer: Dialer;
  readonly streams: GossipStreams;
  readonly slow: SlowReaders;
  readonly traffic: GossipTraffic;
  readonly refused: ReadonlyMap<RefusalReason | 'network_other', number>;
  readonly count: (reason: 'network_other') => void;
}

/**
 * Invariant: `#peers` are the connected peers that were identified as of this network.
 */
class Endpoint implements Libp2pTransport {
  readonly id: string;
  readonly #parts: Parts;
  readonly #handlers = new Map<string, Set<MessageHandler>>();
  readonly #listeners = new Set<(peers: readonly string[]) => void>();
  readonly #peers = new Map<string, string>();
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { libp2p, dialer, streams, slow, names, requests, count } = parts;
    this.id = libp2p.peerId.toString();
    libp2p.addEventListener('peer:identify', ({ detail }) => {
      const peer = detail.peerId.toString();
      if (this.#closed || detail.connection.status !== 'open') return;
      if (!detail.protocols.includes(names.requests)) {
        count('network_other');
        detail.connection.abort(new Error('of another network'));
        return;
      }
      streams.renew(detail.peerId);
      slow.expect(detail.peerId);
      const isNew = !this.#peers.has(peer);
      this.#peers.set(peer, detail.connection.remoteAddr.toString());
      dialer.learn(peer, detail.listenAddrs.map(String), true);
      if (!isNew) return;
      this.#tell();
      void dialer.ask(peer, requests);
    });
    libp2p.addEventListener('peer:disconnect', ({ detail }) => {
      if (this.#peers.delete(detail.toString())) this.#tell();
      dialer.hurry();
    });
    libp2p.addEventListener('peer:discovery', ({ detail }) => {
      dialer.learn(detail.id.toString(), detail.multiaddrs.map(String), false);
      dialer.hurry();
    });
  }

  publish(topic: string, message: Uint8Array): void {
    assertMessage(message);
    if (this.#closed) return;
    const { libp2p, names, traffic } = this.#parts;
    traffic.isNew(message.length);
    // Gossip may be lost on its way; so may what could not be sent at all.
    libp2p.services.gossip.publish(names.topic(topic), message.slice()).catch(() => undefined);
  }

  subscribe(topic: string, handler: MessageHandler): () => void {
    const { gossip } = this.#parts.libp2p.services;
    const name = this.#parts.names.topic(topic);
    const own: MessageHandler = (message, from) => handler(message, from);
    let handlers = this.#handlers.get(name);
    if (handlers === undefined) {
      handlers = new Set();
      this.#handlers.set(name, handlers);
      gossip.topicValidators.set(name, (peer, message) => this.#judge(name, peer, message));
      gossip.subscribe(name);
    }
    handlers.add(own);
    return () => {
      const left = this.#handlers.get(name);
      if (left?.delete(own) !== true || left.size > 0) return;
      this.#handlers.delete(name);
      gossip.topicValidators.delete(name);
      if (!this.#closed) gossip.unsubscribe(name);
    };
  }

  peers(): readonly string[] {
    return this.#closed ? [] : [...this.#peers.keys()].sort();
  }

  onPeers(listener: (peers: readonly string[]) => void): () => void {
    const own = (peers: readonly string[]): void => listener(peers);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  serve(protocol: string, handler: RequestHandler): () => void {
    assertProtocol(protocol);
    return this.#parts.requests.serve(protocol, handler);
  }

  request(peer: string, protocol: string, request: Uint8Array, options: RequestOptions): Promise<Uint8Array> {
    assertRequest(protocol, request, options);
    if (this.#closed) return Promise.reject(new TransportError('closed', 'the transport is closed'));
    if (!this.#peers.has(peer)) return Promise.reject(new TransportError('unreachable', `${peer} is not connected`));
    return this.#parts.requests.request(peer, protocol, request, options);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.dialer.close();
    this.#parts.slow.close();
    this.#listeners.clear();
    this.#handlers.clear();
    await this.#parts.libp2p.stop();
    this.#peers.clear();
  }

  status(): TransportStatus {
    const { libp2p, refused } = this.#parts;
    return {
      id: this.id,
      addresses: libp2p.getMultiaddrs().map(String),
      peers: this.peers().map((id) => ({ id, address: this.#peers.get(id) ?? '' })),
      refused: Object.fromEntries(refused),
    };
  }

  reach(deadlineMs: number): Promise<readonly PeerReach[]> {
    const options = { deadlineMs, maxBytes: REACH_BYTES_MAX };
    const ask = async (id: string): Promise<PeerReach> => {
      const start = performance.now();
      const answered = this.#parts.requests.request(id, PEERS_PROTOCOL, new Uint8Array(), options);
      return answered.then(
        () => ({ id, roundTripMs: performance.now() - start }),
        () => ({ id, roundTripMs: null }),
      );
    };
    return Promise.all(this.peers().map(ask));
  }

  /** Every handler gets its own copy; the worst verdict counts, and one that is worth passing on is passed on. */
  #judge(topic: string, peer: PeerId, { data }: Message): TopicValidatorResult {
    const from = peer.toString();
    this.#parts.traffic.isNew(data.length);
    if (this.#closed || this.#parts.gate.isDenied(from)) return TopicValidatorResult.Ignore;
    const verdicts = [...(this.#handlers.get(topic) ?? [])].map(
      (handler): Verdict => handler(new Uint8Array(data), from),
    );
    if (verdicts.includes('reject')) {
      this.#parts.gate.reject(from);
      return TopicValidatorResult.Reject;
    }
    if (verdicts.includes('accept')) return TopicValidatorResult.Accept;
    this.#parts.gate.useless(from, data.length, verdicts.includes('ignore'));
    return TopicValidatorResult.Ignore;
  }

  #tell(): void {
    if (this.#listeners.size === 0) return;
    setImmediate(() => {
      if (!this.#closed) for (const listener of [...this.#listeners]) listener(this.peers());
    });
  }
}
