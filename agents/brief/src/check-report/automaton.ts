const EMPTY = -1;

/**
 * Finds all of many token sequences in one pass over a text (Aho and Corasick). Building takes time and space linear in the
 * patterns, searching is linear in the text and the matches, whatever the patterns are. Token ids are positive; 0 never matches.
 */
export class Automaton {
  /** Per node: its parent, the token that leads to it, its depth. Node 0 is the root. */
  readonly #parents: number[] = [EMPTY];
  readonly #tokens: number[] = [0];
  readonly #depths: number[] = [0];
  /** Per node: the pattern that ends there, or `EMPTY`. */
  readonly #patterns: number[] = [EMPTY];
  readonly #children = new Map<number, number>();
  readonly #tokenCount: number;
  #fails = new Int32Array(0);
  /** Per node: the nearest node on its fail path at which a pattern ends, or 0. */
  #shorter = new Int32Array(0);
  readonly lengths: number[] = [];

  /** Ids run from 1 to `tokenCount`. */
  constructor(tokenCount: number) {
    this.#tokenCount = tokenCount;
  }

  /** Adds a pattern of at least one token and returns its number; equal patterns have one number. */
  add(tokens: readonly number[]): number {
    let node = 0;
    for (const token of tokens) {
      const key = node * (this.#tokenCount + 1) + token;
      let child = this.#children.get(key);
      if (child === undefined) {
        child = this.#parents.length;
        this.#children.set(key, child);
        this.#parents.push(node);
        this.#tokens.push(token);
        this.#depths.push((this.#depths[node] ?? 0) + 1);
        this.#patterns.push(EMPTY);
      }
      node = child;
    }
    const known = this.#patterns[node] ?? EMPTY;
    if (known !== EMPTY) return known;
    const pattern = this.lengths.length;
    this.lengths.push(tokens.length);
    this.#patterns[node] = pattern;
    return pattern;
  }

  /** To be called once, after the last `add`. */
  build(): void {
    const count = this.#parents.length;
    this.#fails = new Int32Array(count);
    this.#shorter = new Int32Array(count);
    for (const node of this.#byDepth()) {
      const parent = this.#parents[node] ?? 0;
      const fail = parent === 0 ? 0 : this.#step(this.#fails[parent] ?? 0, this.#tokens[node] ?? 0);
      this.#fails[node] = fail;
      this.#shorter[node] = (this.#patterns[fail] ?? EMPTY) !== EMPTY ? fail : (this.#shorter[fail] ?? 0);
    }
  }

  /** Calls `found` with every pattern that ends at each token, longest first. */
  search(ids: Int32Array, length: number, found: (pattern: number, lastToken: number) => void): void {
    let node = 0;
    for (let index = 0; index < length; index += 1) {
      const id = ids[index] ?? 0;
      if (id === 0) {
        node = 0;
        continue;
      }
      node = this.#step(node, id);
      let ending = (this.#patterns[node] ?? EMPTY) !== EMPTY ? node : (this.#shorter[node] ?? 0);
      while (ending !== 0) {
        found(this.#patterns[ending] ?? EMPTY, index);
        ending = this.#shorter[ending] ?? 0;
      }
    }
  }

  #step(from: number, token: number): number {
    let node = from;
    for (;;) {
      const child = this.#children.get(node * (this.#tokenCount + 1) + token);
      if (child !== undefined) return child;
      if (node === 0) return 0;
      node = this.#fails[node] ?? 0;
    }
  }

  /** All nodes but the root, shallow ones first. */
  #byDepth(): Int32Array {
    const count = this.#parents.length;
    const starts = new Int32Array(count + 2);
    for (const depth of this.#depths) starts[depth + 1] = (starts[depth + 1] ?? 0) + 1;
    for (let depth = 1; depth < starts.length; depth += 1)
      starts[depth] = (starts[depth] ?? 0) + (starts[depth - 1] ?? 0);
    const sorted = new Int32Array(count);
    for (const [node, depth] of this.#depths.entries()) {
      const place = starts[depth] ?? 0;
      sorted[place] = node;
      starts[depth] = place + 1;
    }
    return sorted.subarray(1);
  }
}
