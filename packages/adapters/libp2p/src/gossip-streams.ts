import type { GossipSub } from '@libp2p/gossipsub';
import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface';
import { newestConnection } from './newest-connection.ts';

/** Where gossipsub keeps its stream to each peer, and where it is asked for those that lack: it makes one after the other. */
interface Streams {
  readonly streamsOutbound?: Map<string, { readonly rawStream: Stream }>;
  readonly outboundInflightQueue?: {
    push(wanted: { readonly peerId: PeerId; readonly connection: Connection }): unknown;
  };
}

/**
 * Keeps gossip to each peer on the connection that was made last. Gossipsub by itself stays on the one on which it began, also when that is
 * dead and the peer has long dialled anew; and once that closes it gossips to the peer no more. Throws when this gossipsub does not
 * show its streams.
 */
export class GossipStreams {
  readonly #libp2p: Libp2p;
  readonly #gossip: Streams;

  constructor(libp2p: Libp2p, gossip: GossipSub) {
    this.#libp2p = libp2p;
    this.#gossip = gossip as unknown as Streams;
    if (this.#gossip.streamsOutbound === undefined || this.#gossip.outboundInflightQueue === undefined)
      throw new Error('this version of gossipsub does not show its streams');
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
