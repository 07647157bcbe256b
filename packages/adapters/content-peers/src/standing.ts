/** Peers remembered for what they did; the one that did something longest ago is forgotten. */
const PEERS_MAX = 1_024;

interface Record {
  /** Blocks that it gave, less those that it lacked or failed to give. */
  readonly merit: number;
  /** Local time until which it is left alone. */
  readonly shunnedUntil: number;
}

const NEW: Record = { merit: 0, shunnedUntil: Number.NEGATIVE_INFINITY };

/** What peers have done for this node so far: whom to ask first, and whom not at all for a while. */
export class Standing {
  /** The one that did something last is last. */
  readonly #peers = new Map<string, Record>();

  /** Those of them that may be asked now; those that gave most come first. */
  ranked(peers: readonly string[], now: number): readonly string[] {
    return peers
      .filter((peer) => this.#of(peer).shunnedUntil <= now)
      .sort((a, b) => this.#of(b).merit - this.#of(a).merit);
  }

  gave(peer: string, blocks: number): void {
    const { merit, shunnedUntil } = this.#of(peer);
    this.#set(peer, { merit: Math.trunc(merit / 2) + blocks, shunnedUntil });
  }

  lacked(peer: string): void {
    this.gave(peer, -1);
  }

  /** It did not give what it was asked for: it comes after those that said that they lack it. */
  failed(peer: string, blocks: number, until: number): void {
    this.#set(peer, { merit: Math.min(0, Math.trunc(this.#of(peer).merit / 2)) - 1 - blocks, shunnedUntil: until });
  }

  #of(peer: string): Record {
    return this.#peers.get(peer) ?? NEW;
  }

  #set(peer: string, record: Record): void {
    this.#peers.delete(peer);
    this.#peers.set(peer, record);
    const [oldest] = this.#peers.keys();
    if (this.#peers.size > PEERS_MAX && oldest !== undefined) this.#peers.delete(oldest);
  }
}
