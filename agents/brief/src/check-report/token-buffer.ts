import { type TokenSink, tokenise } from './tokens.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The tokens of one text as numbers, with where each stands. Made to be filled again and again. */
export class TokenBuffer {
  readonly #vocabulary: Vocabulary;
  readonly #sink: TokenSink;
  #length = 0;
  #ids = new Int32Array(1 << 14);
  #starts = new Int32Array(1 << 14);
  #ends = new Int32Array(1 << 14);

  /** With `wordsOnly`, punctuation is left out and words are taken in lower case. */
  constructor(vocabulary: Vocabulary, wordsOnly = false) {
    this.#vocabulary = vocabulary;
    this.#sink = wordsOnly
      ? {
          add: (canonical, start, end, word) =>
            word && this.#push(vocabulary.find(canonical.toLowerCase()), start, end),
        }
      : { add: (canonical, start, end) => this.#push(this.#vocabulary.find(canonical), start, end) };
  }

  get length(): number {
    return this.#length;
  }

  /** Ids of the tokens; valid up to `length`, until the next `fill`. */
  get ids(): Int32Array {
    return this.#ids;
  }

  /** Where the token begins in the text, a UTF-16 index. */
  startOf(token: number): number {
    return this.#starts[token] ?? 0;
  }

  /** Where the token ends in the text. */
  endOf(token: number): number {
    return this.#ends[token] ?? 0;
  }

  fill(text: string): void {
    this.#length = 0;
    tokenise(text, this.#sink);
  }

  #push(id: number, start: number, end: number): void {
    if (this.#length === this.#ids.length) {
      this.#ids = grown(this.#ids);
      this.#starts = grown(this.#starts);
      this.#ends = grown(this.#ends);
    }
    this.#ids[this.#length] = id;
    this.#starts[this.#length] = start;
    this.#ends[this.#length] = end;
    this.#length += 1;
  }
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
