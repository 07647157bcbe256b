/** Peers remembered. */
const KNOWN_MAX = 512;
/** Of each kind so many are to be dialled at once. */
const DIALLED_MAX = 16;
/** After so many dials in vain a peer that was only told of is forgotten. */
const VAIN_MAX = 3;

interface Known {
  readonly address: string;
  /** Whether it was connected once; else somebody told of it. */
  readonly isMet: boolean;
  /** Dials in vain since it was learnt. */
  readonly vain: number;
}

/**
 * Where peers can be found. Anybody can tell of peers that do not exist, without end: they take no place from those that were
 * connected once, and are soon forgotten.
 */
export class KnownPeers {
  /** The one that was learnt last is last. */
  readonly #peers = new Map<string, Known>();

  has(peer: string): boolean {
    return this.#peers.has(peer);
  }

  addressOf(peer: string): string | undefined {
    return this.#peers.get(peer)?.address;
  }

  learn(peer: string, address: string, isMet: boolean): void {
    const wasMet = this.#peers.get(peer)?.isMet === true;
    this.#peers.delete(peer);
    this.#peers.set(peer, { address, isMet: isMet || wasMet, vain: 0 });
    if (this.#peers.size <= KNOWN_MAX) return;
    const all = [...this.#peers];
    const [oldest] = all.find(([, known]) => !known.isMet) ?? all[0] ?? [];
    if (oldest !== undefined) this.#peers.delete(oldest);
  }

  /** A dial was in vain. */
  failed(peer: string): void {
    const known = this.#peers.get(peer);
    if (known === undefined) return;
    const vain = known.vain + 1;
    if (known.isMet || vain < VAIN_MAX) this.#peers.set(peer, { ...known, vain });
    else this.#peers.delete(peer);
  }

  /** Whom to dial next of those for whom it is asked: who was dialled in vain least often comes first. */
  next(isWanted: (peer: string) => boolean): readonly (readonly [peer: string, address: string])[] {
    const wanted = [...this.#peers].filter(([peer]) => isWanted(peer)).sort(([, a], [, b]) => a.vain - b.vain);
    const [met, told] = [true, false].map((isMet) => wanted.filter(([, known]) => known.isMet === isMet));
    const chosen = [...(met ?? []).slice(0, DIALLED_MAX), ...(told ?? []).slice(0, DIALLED_MAX)];
    return chosen.map(([peer, { address }]) => [peer, address]);
  }
}
