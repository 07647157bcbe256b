/**
 * The gossip plane and requests between nodes over libp2p:
 *
 *     const transport = await libp2pTransport({ network, seed, sha256, bootstrap: ['/ip4/127.0.0.1/tcp/4001/p2p/12D3...'] });
 *     transport.subscribe('can/1', (message, from) => 'accept');
 *     transport.publish('can/1', message);
 */
export {
  type ConnectedPeer,
  type Libp2pTransport,
  type Libp2pTransportOptions,
  libp2pTransport,
  type PeerReach,
  peerIdOf,
  type TransportStatus,
} from './libp2p-transport.ts';
export { ListenError } from './listen-error.ts';
