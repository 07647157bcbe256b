import type { Libp2p, PeerId, Stream } from '@libp2p/interface';

const LOOK_MS = 1_000;
/** A gossip stream that could not be written to for so long belongs to somebody who does not read, ms. */
const SLOW_MS = 10_000;
/** How gossipsub's protocols begin. */
const GOSSIP = '/meshsub/';

export interface SlowReadersTold {
  /** A peer takes nothing of what it subscribed to: its stream stays full, or held too much and was ended. */
  onSlow(peer: string): void;
  /** A connected peer had a gossip stream and has none. Told until it has one again. */
  onLost(peer: PeerId): void;
}

/** Watches the streams by which peers get gossip. Memory that waits for one who does not read is bounded by the stream. */
export class SlowReaders {
  readonly #libp2p: Libp2p;
  readonly #told: SlowReadersTold;
  readonly #watched = new WeakSet<Stream>();
  /** Since when a peer's gossip stream takes nothing. */
  readonly #fullSince = new Map<string, number>();
  /** Connected peers that have, or had, a gossip stream. */
  #reached = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(libp2p: Libp2p, told: SlowReadersTold) {
    this.#libp2p = libp2p;
    this.#told = told;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    const connected = new Map<string, PeerId>();
    const open = new Map<string, Stream>();
    for (const connection of this.#libp2p.getConnections()) {
      const peer = connection.remotePeer.toString();
      connected.set(peer, connection.remotePeer);
      for (const stream of connection.streams) {
        if (stream.direction !== 'outbound' || !stream.protocol.startsWith(GOSSIP)) continue;
        open.set(peer, stream);
        this.#watch(stream, peer);
      }
    }
    for (const [peer, id] of connected) {
      const stream = open.get(peer);
      if (stream === undefined && this.#reached.has(peer)) this.#told.onLost(id);
      if (stream?.writableNeedsDrain !== true) this.#fullSince.delete(peer);
      else if (!this.#fullSince.has(peer)) this.#fullSince.set(peer, now);
      if (now - (this.#fullSince.get(peer) ?? now) < SLOW_MS) continue;
      this.#fullSince.delete(peer);
      this.#told.onSlow(peer);
    }
    for (const peer of this.#fullSince.keys()) if (!connected.has(peer)) this.#fullSince.delete(peer);
    this.#reached = new Set([...connected.keys()].filter((peer) => open.has(peer) || this.#reached.has(peer)));
  }

  #watch(stream: Stream, peer: string): void {
    if (this.#watched.has(stream)) return;
    this.#watched.add(stream);
    stream.addEventListener('close', ({ error }) => {
      if (error?.name === 'StreamBufferError') this.#told.onSlow(peer);
    });
  }
}
