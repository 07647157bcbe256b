/**
 * Bytes of answers that peers have not taken yet. Whoever has nothing waiting has room for one answer, however much waits for others;
 * for more there is room while less than the bounds waits.
 */
export class Untaken {
  readonly #ofPeerMax: number;
  readonly #allMax: number;
  /** Of peers for whom anything waits. */
  readonly #peers = new Map<string, number>();
  #all = 0;

  constructor(ofPeerMax: number, allMax: number) {
    this.#ofPeerMax = ofPeerMax;
    this.#allMax = allMax;
  }

  hasRoom(peer: string): boolean {
    const own = this.#peers.get(peer) ?? 0;
    return own === 0 || (own < this.#ofPeerMax && this.#all < this.#allMax);
  }

  /** More waits for a peer, or with a negative length less. */
  add(peer: string, length: number): void {
    const left = (this.#peers.get(peer) ?? 0) + length;
    if (left > 0) this.#peers.set(peer, left);
    else this.#peers.delete(peer);
    this.#all += length;
  }
}
