import type { GossipSub } from '@libp2p/gossipsub';
import type { PeerId } from '@libp2p/interface';

/** What the frame decoder throws for a length beyond the limit, or for what is no length. */
const UNSOUND = new Set(['InvalidDataLengthError', 'InvalidDataLengthLengthError', 'InvalidMessageLengthError']);

/**
 * Tells when a peer's gossip stream brings a frame that is too long or none at all. Gossipsub ends such a stream and tells nobody, so
 * its peer could open the next one at once. Throws when this gossipsub has no place where that can be heard.
 */
export function watchFrames(gossip: GossipSub, onUnsound: (peer: string) => void): void {
  const heard = gossip as unknown as { handlePeerReadStreamError?(error: Error, peer: PeerId): void };
  const handle = heard.handlePeerReadStreamError?.bind(gossip);
  if (handle === undefined) throw new Error('this version of gossipsub does not say which stream broke');
  heard.handlePeerReadStreamError = (error, peer) => {
    handle(error, peer);
    if (UNSOUND.has(error.name)) onUnsound(peer.toString());
  };
}
