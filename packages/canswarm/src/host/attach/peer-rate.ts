/** What each peer may ask of a served protocol: so much at once after a pause, and so much more each second. */
export interface PeerRateLimit {
  readonly burst: number;
  readonly perSecond: number;
}

/** Peers of whom it is known how fast they ask. */
const PEERS_MAX = 1_024;

/** How fast each peer asks. Of more peers than are kept, the one that asked longest ago begins anew. */
export class PeerRate {
  readonly #limit: PeerRateLimit;
  readonly #nowMs: () => number;
  /** The one that asked last is last. */
  readonly #peers = new Map<string, { readonly left: number; readonly atMs: number }>();

  constructor(limit: PeerRateLimit, nowMs: () => number) {
    this.#limit = limit;
    this.#nowMs = nowMs;
  }

  /** Whether this peer may ask once more now. */
  take(peer: string): boolean {
    const { burst, perSecond } = this.#limit;
    const nowMs = this.#nowMs();
    const known = this.#peers.get(peer) ?? { left: burst, atMs: nowMs };
    const left = Math.min(burst, known.left + ((nowMs - known.atMs) * perSecond) / 1_000);
    this.#peers.delete(peer);
    this.#peers.set(peer, { left: left >= 1 ? left - 1 : left, atMs: nowMs });
    const [oldest] = this.#peers.keys();
    if (this.#peers.size > PEERS_MAX && oldest !== undefined) this.#peers.delete(oldest);
    return left >= 1;
  }
}
