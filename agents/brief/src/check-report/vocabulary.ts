/** Numbers for the tokens of a report. Everything else in the world is 0. */
export class Vocabulary {
  readonly #ids = new Map<string, number>();
  /** By first unit, last unit and length: whether any token looks so. Spares most look-ups. */
  readonly #looks = new Uint8Array(0x10000);

  /** How many tokens are known. Ids run from 1 to this. */
  get size(): number {
    return this.#ids.size;
  }

  /** The id of a token, given now if it has none. */
  learn(token: string): number {
    const known = this.#ids.get(token);
    if (known !== undefined) return known;
    const id = this.#ids.size + 1;
    this.#ids.set(token, id);
    this.#looks[lookOf(token)] = 1;
    return id;
  }

  /** The id of a token, or 0. */
  find(token: string): number {
    return this.#looks[lookOf(token)] === 1 ? (this.#ids.get(token) ?? 0) : 0;
  }
}

function lookOf(token: string): number {
  const last = token.length - 1;
  return (token.charCodeAt(0) * 31 + token.charCodeAt(last) * 7 + last * 1009) & 0xffff;
}
