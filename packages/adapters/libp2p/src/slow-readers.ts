import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface';

const LOOK_MS = 1_000;
/** A gossip stream that could not be written to for so long belongs to somebody who does not read, ms. */
const SLOW_MS = 10_000;
/** How gossipsub's protocols begin. */
const GOSSIP = '/meshsub/';

export interface SlowReadersTold {
  /** By this connection a peer takes nothing of what it subscribed to: the stream stays full, or held too much and was ended. */
  onSlow(connection: Connection): void;
  /** A connected peer had a gossip stream, or is awaited to, and has none. Told until it has one. */
  onLost(peer: PeerId): void;
}

/** Watches the streams by which peers get gossip. Memory that waits for one who does not read is bounded by the stream. */
export class SlowReaders {
  readonly #libp2p: Libp2p;
  readonly #told: SlowReadersTold;
  readonly #watched = new WeakSet<Stream>();
  /** Since when a peer's gossip stream takes nothing. */
  readonly #fullSince = new Map<string, number>();
  /** Connected peers that have, had or are awaited to have a gossip stream. */
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

  /** Awaits a gossip stream to a connected peer. */
  expect(peer: PeerId): void {
    this.#reached.add(peer.toString());
  }

  #look(): void {
    const now = performance.now();
    const connected = new Map<string, PeerId>();
    const open = new Map<string, { readonly stream: Stream; readonly connection: Connection }>();
    for (const connection of this.#libp2p.getConnections()) {
      const peer = connection.remotePeer.toString();
      connected.set(peer, connection.remotePeer);
      for (const stream of connection.streams) {
        if (stream.direction !== 'outbound' || !stream.protocol.startsWith(GOSSIP)) continue;
        open.set(peer, { stream, connection });
        this.#watch(stream, connection);
      }
    }
    for (const [peer, id] of connected) {
      const gossip = open.get(peer);
      if (gossip === undefined && this.#reached.has(peer)) this.#told.onLost(id);
      if (gossip?.stream.writableNeedsDrain !== true) {
        this.#fullSince.delete(peer);
        continue;
      }
      if (!this.#fullSince.has(peer)) this.#fullSince.set(peer, now);
      if (now - (this.#fullSince.get(peer) ?? now) < SLOW_MS) continue;
      this.#fullSince.delete(peer);
      this.#told.onSlow(gossip.connection);
    }
    for (const peer of this.#fullSince.keys()) if (!connected.has(peer)) this.#fullSince.delete(peer);
    this.#reached = new Set([...connected.keys()].filter((peer) => open.has(peer) || this.#reached.has(peer)));
  }

  #watch(stream: Stream, connection: Connection): void {
    if (this.#watched.has(stream)) return;
    this.#watched.add(stream);
    stream.addEventListener('close', ({ error }) => {
      if (error?.name === 'StreamBufferError') this.#told.onSlow(connection);
    });
  }
}
