import type { ConnectionGater, Libp2p, PeerId } from '@libp2p/interface';

/** Messages of a peer that are rejected before it is cut off; one is forgiven every `FORGIVE_MS`. */
const REJECTS_MAX = 12;
const FORGIVE_MS = 5_000;
/**
 * Bytes of messages that were of no use, of which a peer may send so many at once and regains so many a second. Honest peers pass
 * on only what they found useful, so what is of no use is their own making, or late: few in a minute, even under load, after a restart or
 * a healed cut. Small messages count as `IDLE_BYTES_LEAST`, since what such a message costs is mostly the check of a signature.
 */
const IDLE_BYTES_MAX = 1024 * 1024;
const IDLE_BYTES_PER_SECOND = 64 * 1024;
const IDLE_BYTES_LEAST = 16 * 1024;
/** How long a peer stays cut off, ms. */
const DENIED_MS = 60_000;
/** Peers remembered for what they did; the oldest are forgotten. */
const PEERS_MAX = 4_096;
/** Connections one peer may have: two that dialled each other at once, and one that is being replaced. */
const CONNECTIONS_OF_PEER_MAX = 3;

export interface GateOptions {
  /** Connections in all. Peers that the owner named get in beyond it. */
  readonly connectionsMax: number;
  /** Told when a peer is refused or cut off, with the reason. */
  readonly onRefused: (reason: RefusalReason) => void;
}

export type RefusalReason = 'denied' | 'connections_of_peer' | 'connections' | 'cut_off';

/**
 * Who may be connected. A peer whose messages are rejected too often, that speaks nonsense or sends much that is of no use, is
 * cut off for a while;
 * nobody gets more than a few connections; when all are taken, only peers that the owner named get one.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #named = new Set<string>();
  readonly #rejects = new Map<string, { count: number; at: number }>();
  readonly #idle = new Map<string, { bytes: number; at: number }>();
  readonly #deniedUntil = new Map<string, number>();
  #libp2p: Libp2p | null = null;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * For libp2p: asked for each connection as soon as it is known whose it is, and again once it can be used. Between the two the peer may
   * take its time, and be cut off or open others meanwhile.
   */
  readonly gater: ConnectionGater = {
    denyDialPeer: (peer) => this.isDenied(peer.toString()),
    denyInboundEncryptedConnection: (peer) => this.#refuses(peer),
    denyInboundUpgradedConnection: (peer) => this.#refuses(peer),
    denyOutboundEncryptedConnection: (peer) => this.isDenied(peer.toString()),
    denyOutboundUpgradedConnection: (peer) => this.isDenied(peer.toString()),
  };

  watch(libp2p: Libp2p): void {
    this.#libp2p = libp2p;
  }

  /** A peer that the owner named is let in even when all connections are taken. */
  name(peer: string): void {
    this.#named.add(peer);
  }

  isDenied(peer: string): boolean {
    return (this.#deniedUntil.get(peer) ?? 0) > performance.now();
  }

  /** Notes a message of this peer that was rejected. */
  reject(peer: string): void {
    const now = performance.now();
    const before = this.#rejects.get(peer) ?? { count: 0, at: now };
    const count = Math.max(0, before.count - (now - before.at) / FORGIVE_MS) + 1;
    this.#rejects.delete(peer);
    this.#rejects.set(peer, { count, at: now });
    forgetOldest(this.#rejects);
    if (count >= REJECTS_MAX) this.cutOff(peer);
  }

  /**
   * Notes a message of this peer that was of no use, and whether its sender could have told; peers that the owner named may send as
   * many as they like.
   */
  useless(peer: string, length: number, isKnowing: boolean): void {
    if (this.#named.has(peer)) return;
    const now = performance.now();
    const before = this.#idle.get(peer) ?? { bytes: 0, at: now };
    const left = Math.max(0, before.bytes - ((now - before.at) / 1_000) * IDLE_BYTES_PER_SECOND);
    const bytes = left + (isKnowing ? Math.max(length, IDLE_BYTES_LEAST) : length);
    this.#idle.delete(peer);
    this.#idle.set(peer, { bytes, at: now });
    forgetOldest(this.#idle);
    if (bytes >= IDLE_BYTES_MAX) this.cutOff(peer);
  }

  /** Notes a peer that brings far more than can be of use: it is cut off, unless the owner named it. Gives whether it stays. */
  floods(peer: string): boolean {
    if (this.#named.has(peer)) return true;
    this.cutOff(peer);
    return false;
  }

  /** Ends every connection with a peer and lets it in no more for a while. */
  cutOff(peer: string): void {
    if (!this.isDenied(peer)) {
      this.#rejects.delete(peer);
      this.#idle.delete(peer);
      this.#deniedUntil.delete(peer);
      this.#deniedUntil.set(peer, performance.now() + DENIED_MS);
      forgetOldest(this.#deniedUntil);
      this.#options.onRefused('cut_off');
    }
    this.end(peer, 'cut off');
  }

  /** Ends every connection with a peer, which may come again at once. */
  end(peer: string, why: string): void {
    for (const connection of this.#libp2p?.getConnections() ?? []) {
      if (connection.remotePeer.toString() === peer) connection.abort(new Error(why));
    }
  }

  #refuses(peer: PeerId): boolean {
    const id = peer.toString();
    const reason = this.#reason(id);
    if (reason === null) return false;
    this.#options.onRefused(reason);
    return true;
  }

  #reason(peer: string): RefusalReason | null {
    if (this.isDenied(peer)) return 'denied';
    const connections = this.#libp2p?.getConnections() ?? [];
    const own = connections.filter(({ remotePeer }) => remotePeer.toString() === peer).length;
    if (own >= CONNECTIONS_OF_PEER_MAX) return 'connections_of_peer';
    return connections.length >= this.#options.connectionsMax && !this.#named.has(peer) ? 'connections' : null;
  }
}

function forgetOldest(peers: Map<string, unknown>): void {
  if (peers.size <= PEERS_MAX) return;
  const [oldest] = peers.keys();
  if (oldest !== undefined) peers.delete(oldest);
}
