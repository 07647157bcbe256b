import type { GossipSub } from '@libp2p/gossipsub';
import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface';
import { newestConnection } from './newest-connection.ts';

/**
 * Where gossipsub keeps its streams to and from each peer, where it is asked for those that lack, how it makes one, and how it takes it
 * that one broke.
 */
interface Streams {
  readonly streamsOutbound?: Map<string, { readonly rawStream: Stream }>;
  readonly streamsInbound?: Map<string, { readonly rawStream: Stream }>;
  createOutboundStream?(peer: PeerId, connection: Connection): Promise<void>;
  handlePeerReadStreamError?(error: Error, peer: PeerId): void;
  readonly outboundInflightQueue?: {
    push(wanted: { readonly peerId: PeerId; readonly connection: Connection }): unknown;
  };
}

/**
 * Keeps gossip to each peer on the connection that was made last. Gossipsub by itself stays on the one on which it began, also when that is
 * dead and the peer has long dialled anew; and once that closes it gossips to the peer no more. It also makes one stream after the other,
 * so that a peer that agrees to none would keep all others waiting: here each peer waits for itself alone. And it forgets a peer when any
 * stream from it breaks: here not while a newer one stands. Throws when this gossipsub does not show its streams.
 */
export class GossipStreams {
  readonly #libp2p: Libp2p;
  readonly #gossip: Streams;
  /** Peers to which a stream is being made. */
  readonly #making = new Set<string>();

  constructor(libp2p: Libp2p, gossip: GossipSub) {
    this.#libp2p = libp2p;
    this.#gossip = gossip as unknown as Streams;
    const { streamsOutbound, streamsInbound, outboundInflightQueue } = this.#gossip;
    const make = this.#gossip.createOutboundStream?.bind(gossip);
    const broke = this.#gossip.handlePeerReadStreamError?.bind(gossip);
    const isKnown =
      streamsOutbound !== undefined && streamsInbound !== undefined && outboundInflightQueue !== undefined;
    if (!isKnown || make === undefined || broke === undefined)
      throw new Error('this version of gossipsub does not show its streams');
    this.#gossip.createOutboundStream = async (peer, connection) => void this.#make(peer, connection, make);
    this.#gossip.handlePeerReadStreamError = (error, peer) => {
      if (!isReadable(this.#gossip.streamsInbound?.get(peer.toString())?.rawStream)) broke(error, peer);
    };
  }

  async #make(peer: PeerId, connection: Connection, make: NonNullable<Streams['createOutboundStream']>): Promise<void> {
    const id = peer.toString();
    if (this.#making.has(id)) return;
    this.#making.add(id);
    // What could not be made is asked for again where it is missed.
    await make(peer, connection).catch(() => undefined);
    this.#making.delete(id);
    if (newestConnection(this.#libp2p, peer) !== connection) this.renew(peer);
  }

  /** Moves gossip to a peer to its newest connection, where it goes by another one, or by none. */
  renew(peer: PeerId): void {
    const { streamsOutbound, outboundInflightQueue } = this.#gossip;
    const connection = newestConnection(this.#libp2p, peer);
    if (connection === undefined) return;
    const stream = streamsOutbound?.get(peer.toString())?.rawStream;
    if (stream !== undefined && connection.streams.includes(stream)) return;
    streamsOutbound?.delete(peer.toString());
    stream?.abort(new Error('gossip goes on by a newer connection'));
    outboundInflightQueue?.push({ peerId: peer, connection });
  }
}

const isReadable = (stream: Stream | undefined): boolean =>
  stream?.status === 'open' && stream.remoteWriteStatus === 'writable';
