import type { Connection, Libp2p, PeerId } from '@libp2p/interface';

/**
 * The open connection with a peer that was made last. An older one may be dead without either end knowing: who was cut off and is back
 * dials anew, and the other end learns of the death only when it has waited long enough for an answer. Libp2p lists them in the order in
 * which they were made, whatever a clock says.
 */
export const newestConnection = (libp2p: Pick<Libp2p, 'getConnections'>, peer: PeerId): Connection | undefined =>
  libp2p
    .getConnections(peer)
    .filter(({ status }) => status === 'open')
    .at(-1);
