import type { Cid } from '@canswarm/protocol';

/** Names on the wire. All carry the network, so that nodes of two networks have nothing to say to each other. */
export interface WireNames {
  /** libp2p protocol of requests. A peer without it is of another network, and is left. */
  readonly requests: string;
  /** mDNS service tag. */
  readonly service: string;
  topic(topic: string): string;
}

export const wireNames = (network: Cid): WireNames => ({
  requests: `/can/${network}/request/1`,
  // A DNS label has at most 63 characters.
  service: `_can-${network.slice(-24)}._udp.local`,
  topic: (topic) => `/can/${network}/${topic}`,
});
