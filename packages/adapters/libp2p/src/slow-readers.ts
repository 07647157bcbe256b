import type { Libp2p } from '@libp2p/interface';

const LOOK_MS = 1_000;
/** A gossip stream that could not be written to for so long belongs to somebody who does not read, ms. */
const SLOW_MS = 10_000;
/** How gossipsub's protocols begin. */
const GOSSIP = '/meshsub/';

/**
 * Finds peers that do not read what they subscribed to: their stream stays full, or was reset for holding too much. Memory
 * that waits for one is bounded by the stream; this ends the connection, so that the peer's place is free.
 */
export class SlowReaders {
  readonly #libp2p: Libp2p;
  readonly #onSlow: (peer: string) => void;
  /** Since when a peer's gossip stream takes nothing. */
  readonly #fullSince = new Map<string, number>();
  /** Peers whose gossip stream was seen open. */
  #open = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(libp2p: Libp2p, onSlow: (peer: string) => void) {
    this.#libp2p = libp2p;
    this.#onSlow = onSlow;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    const open = new Set<string>();
    const connected = new Set<string>();
    for (const connection of this.#libp2p.getConnections()) {
      const peer = connection.remotePeer.toString();
      connected.add(peer);
      for (const stream of connection.streams) {
        if (stream.direction !== 'outbound' || !stream.protocol.startsWith(GOSSIP)) continue;
        open.add(peer);
        if (!stream.writableNeedsDrain) this.#fullSince.delete(peer);
        else if (!this.#fullSince.has(peer)) this.#fullSince.set(peer, now);
      }
    }
    for (const [peer, since] of this.#fullSince) {
      const wasReset = this.#open.has(peer) && !open.has(peer);
      if (connected.has(peer) && !wasReset && now - since < SLOW_MS) continue;
      this.#fullSince.delete(peer);
      if (connected.has(peer)) this.#onSlow(peer);
    }
    this.#open = open;
  }
}
