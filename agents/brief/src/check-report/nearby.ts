import type { DocumentText } from './document-text.ts';
import { TokenBuffer } from './token-buffer.ts';
import { tokenise } from './tokens.ts';
import { Vocabulary } from './vocabulary.ts';

/** A stretch of a document that shares pairs of neighbouring words with a quotation. */
export interface NearbyWindow {
  readonly document: number;
  /** Index into the text searched, near where the quotation's first word would stand. */
  readonly start: number;
  readonly end: number;
  /** How many pairs of words agree, at most as many as the quotation has. */
  readonly agreeing: number;
}

interface Sought {
  readonly words: number;
  /** Width of the strips of the document in which agreeing pairs are summed, in words. */
  readonly strip: number;
  readonly windows: NearbyWindow[];
  /** What a window must exceed to be kept. */
  floor: number;
}

/** Quotations that share one pair of words; more of them tell nothing about any. */
const HOLDERS_MAX = 48;
const WINDOWS_MAX = 40;
/** Words of a quotation that are compared. */
const WORDS_MAX = 2000;
const STRIPS_PER_DOCUMENT = 2 ** 22;

/**
 * Looks for passages like given quotations: pairs of neighbouring words, in any case and punctuation, summed along the document.
 * One pass over each document, whatever the number of quotations.
 */
export class NearbySearcher {
  readonly #vocabulary = new Vocabulary();
  /** By pair of words: which quotations hold it and at which word. */
  readonly #holders = new Map<number, { readonly sought: number; readonly word: number }[]>();
  readonly #sought: Sought[] = [];
  readonly #tokens: TokenBuffer;
  readonly #pairBase: number;

  constructor(quotations: readonly string[]) {
    const words = quotations.map((text) => wordsOf(text).map((word) => this.#vocabulary.learn(word)));
    this.#pairBase = this.#vocabulary.size + 1;
    this.#tokens = new TokenBuffer(this.#vocabulary, true);
    for (const [sought, ids] of words.entries()) {
      this.#sought.push({ words: ids.length, strip: Math.max(8, ids.length), windows: [], floor: 0 });
      for (let word = 0; word + 1 < ids.length; word += 1) {
        const pair = (ids[word] ?? 0) * this.#pairBase + (ids[word + 1] ?? 0);
        const holders = this.#holders.get(pair);
        if (holders === undefined) this.#holders.set(pair, [{ sought, word }]);
        else if (holders.length < HOLDERS_MAX) holders.push({ sought, word });
      }
    }
  }

  search(document: number, text: DocumentText): void {
    this.#tokens.fill(text.isHtml ? text.visible : text.source);
    const { ids, length } = this.#tokens;
    const sums = new Map<number, number>();
    for (let token = 0; token + 1 < length; token += 1) {
      const first = ids[token] ?? 0;
      const second = ids[token + 1] ?? 0;
      if (first === 0 || second === 0) continue;
      for (const { sought, word } of this.#holders.get(first * this.#pairBase + second) ?? []) {
        const strip = Math.floor(Math.max(0, token - word) / (this.#sought[sought]?.strip ?? 1));
        const key = sought * STRIPS_PER_DOCUMENT + strip;
        sums.set(key, (sums.get(key) ?? 0) + 1);
      }
    }
    for (const [key, sum] of sums) this.#keep(document, key, sum + (sums.get(key + 1) ?? 0));
  }

  /** For each quotation its best windows, best first (equal ones in reading order). */
  windows(): readonly (readonly NearbyWindow[])[] {
    return this.#sought.map(({ windows }) =>
      [...windows].sort((a, b) => b.agreeing - a.agreeing || a.document - b.document || a.start - b.start),
    );
  }

  #keep(document: number, key: number, sum: number): void {
    const sought = this.#sought[Math.floor(key / STRIPS_PER_DOCUMENT)];
    if (sought === undefined) return;
    const { windows, strip, words } = sought;
    const agreeing = Math.min(sum, words - 1);
    if (agreeing <= sought.floor) return;
    const first = Math.max(0, (key % STRIPS_PER_DOCUMENT) * strip - SLACK_WORDS);
    const last = Math.min(this.#tokens.length - 1, first + 2 * strip + words + 2 * SLACK_WORDS);
    windows.push({ document, start: this.#tokens.startOf(first), end: this.#tokens.endOf(last), agreeing });
    if (windows.length <= WINDOWS_MAX) return;
    windows.sort((a, b) => b.agreeing - a.agreeing);
    windows.length = WINDOWS_MAX;
    sought.floor = windows.at(-1)?.agreeing ?? 0;
  }
}

const SLACK_WORDS = 6;

function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  tokenise(text, {
    add: (canonical, _start, _end, word) => {
      if (word && words.length < WORDS_MAX) words.push(canonical.toLowerCase());
    },
  });
  return words;
}
