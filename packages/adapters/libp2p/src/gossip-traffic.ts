/** What a peer may bring at once beyond what is new, how much of it is given back a second, and how much it may save up, bytes. */
const SPARE_BYTES = 8 * 1024 * 1024;
const SPARE_BYTES_PER_SECOND = 256 * 1024;
const SAVED_BYTES_MAX = 64 * 1024 * 1024;
/** An honest peer brings what is new once, and once more when it was asked for it. */
const TIMES = 2;
/** What a frame or message costs at least. */
const LEAST_BYTES = 256;
/** Peers remembered for what they brought; the oldest are forgotten. */
const PEERS_MAX = 4_096;

/**
 * How much each peer brings by gossip, against how much was new here in the same time, whoever brought it. An honest peer repeats no
 * message and says little else, so what goes far beyond that is made to cost work: repeated messages, masses of control.
 */
export class GossipTraffic {
  readonly #nowMs: () => number;
  #fresh = 0;
  readonly #peers = new Map<string, { readonly left: number; readonly fresh: number; readonly atMs: number }>();

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Notes a message that was not here before. */
  isNew(length: number): void {
    this.#fresh += Math.max(length, LEAST_BYTES);
  }

  /** Notes what a peer brought; whether that is still within its bounds. */
  brought(peer: string, length: number): boolean {
    const atMs = this.#nowMs();
    const before = this.#peers.get(peer) ?? { left: SPARE_BYTES, fresh: this.#fresh, atMs };
    const regained = TIMES * (this.#fresh - before.fresh) + ((atMs - before.atMs) / 1_000) * SPARE_BYTES_PER_SECOND;
    const left = Math.min(SAVED_BYTES_MAX, before.left + regained) - Math.max(length, LEAST_BYTES);
    this.#peers.delete(peer);
    this.#peers.set(peer, { left: Math.max(0, left), fresh: this.#fresh, atMs });
    const [oldest] = this.#peers.keys();
    if (this.#peers.size > PEERS_MAX && oldest !== undefined) this.#peers.delete(oldest);
    return left >= 0;
  }
}
