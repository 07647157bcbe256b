import { scanInline } from './inline.ts';

/** At most so many terms of a question are looked for: a passage's hits are one bit each. */
const TERMS_MAX = 24;
/** How far two words may differ behind what they share, in characters. */
const ENDING_MAX = 5;

/** Words that say how a question is put, not what it is about. */
const GRAMMAR: ReadonlySet<string> = new Set(
  [
    'a an the this that these those it its i me my we us our you your he she they them their one ones',
    'am is are was were be been being do does did done doing have has had having can could may might must shall should will',
    'would to of in on at by for from with without into onto out up down off over under about as if then than so but and or',
    'not no nor only just also too very more most much many any some all each every both other another such same',
    'how what when where which who whom whose why there here again because while during before after until between',
    'use uses using used make makes get gets give gives take takes let lets want wants need needs way ways thing things',
    'happen happens know tell find look like please work works',
  ].flatMap((line) => line.split(' ')),
);

/** One word of a question, in lower case. Scripts without spaces are asked for by pairs of characters. */
interface Term {
  readonly text: string;
  /** Its UTF-8 bytes when it is ASCII. */
  readonly bytes: Uint8Array | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const JOINT = /[-_]/;
const ASCII_ONLY = /^\p{ASCII}*$/u;

/**
 * The terms of a question, and which of them a word of a document is a form of. Words match when they share all but short
 * endings: looser than any stemmer, so that what an extractor finds by its own rules is seldom nothing here.
 */
export class Terms {
  readonly count: number;
  readonly #terms: readonly Term[];
  /** ASCII terms by first byte, and whether there are others. */
  readonly #byFirst: (readonly number[] | undefined)[] = new Array(128).fill(undefined);
  readonly #foreign: boolean;
  /** Indices of the terms that are compounds. */
  readonly #compounds: readonly number[];

  constructor(question: string) {
    const words = questionWords(question);
    const content = words.filter((word) => !GRAMMAR.has(word));
    this.#terms = [...new Set(content.length > 0 ? content : words)]
      .slice(0, TERMS_MAX)
      .map((text) => ({ text, bytes: ASCII_ONLY.test(text) ? encoder.encode(text) : undefined }));
    this.count = this.#terms.length;
    this.#foreign = this.#terms.some((term) => term.bytes === undefined);
    this.#compounds = this.#terms.flatMap(({ text }, index) => (JOINT.test(text) ? [index] : []));
    this.#terms.forEach((term, index) => {
      const first = term.bytes?.[0];
      if (first !== undefined) this.#byFirst[first] = [...(this.#byFirst[first] ?? []), index];
    });
  }

  /** Terms that stand in a text of some words, one bit each. */
  maskOf(text: string): number {
    const bytes = encoder.encode(text);
    let mask = 0;
    const hit = (term: number): void => {
      mask |= 1 << term;
    };
    scanInline(bytes, 0, bytes.length, {
      word: (start, end, foreign) => this.match(bytes, start, end, foreign, hit),
      part: (start, end) => this.match(bytes, start, end, false, hit),
      compound: (start, end) => this.matchCompound(bytes, start, end, hit),
    });
    return mask;
  }

  /** The same for words joined by hyphens or underscores in `bytes[start, end)`: they match a compound of the question exactly. */
  matchCompound(bytes: Uint8Array, start: number, end: number, hit: (term: number) => void): void {
    for (const index of this.#compounds) {
      const term = this.#terms[index]?.bytes;
      if (term?.length === end - start && sharedLength(term, bytes, start, end) === term.length) hit(index);
    }
  }

  /** Calls `hit` with the index of each term that the word in `bytes[start, end)` is a form of. */
  match(bytes: Uint8Array, start: number, end: number, foreign: boolean, hit: (term: number) => void): void {
    if (foreign) {
      if (this.#foreign) this.#matchForeign(decoder.decode(bytes.subarray(start, end)), hit);
      return;
    }
    const candidates = this.#byFirst[lower(bytes[start] ?? 0)];
    if (candidates === undefined) return;
    for (const index of candidates) {
      const term = this.#terms[index]?.bytes;
      if (term !== undefined && isForm(term, bytes, start, end)) hit(index);
    }
  }

  #matchForeign(word: string, hit: (term: number) => void): void {
    const plain = word.normalize('NFKC').toLowerCase();
    const unspaced = UNSPACED.test(plain);
    this.#terms.forEach(({ text, bytes }, index) => {
      if (bytes !== undefined) return;
      if (unspaced ? plain.includes(text) : isFormOf(text, plain)) hit(index);
    });
  }
}

function questionWords(question: string): string[] {
  const bytes = encoder.encode(question.toWellFormed());
  const words: string[] = [];
  scanInline(bytes, 0, bytes.length, {
    word: (start, end) => {
      const word = decoder.decode(bytes.subarray(start, end)).normalize('NFKC').toLowerCase();
      words.push(...(UNSPACED.test(word) ? pairs(word) : [word]));
    },
    compound: (start, end) => {
      words.push(decoder.decode(bytes.subarray(start, end)).toLowerCase());
    },
  });
  return words.filter((word) => word.length > 1 || UNSPACED.test(word));
}

function pairs(word: string): string[] {
  const characters = [...word];
  return characters.length < 2
    ? characters
    : characters.slice(1).map((next, index) => `${characters[index] ?? ''}${next}`);
}

const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);

/** How many characters the term and the word in `bytes[start, end)` begin with alike. */
function sharedLength(term: Uint8Array, bytes: Uint8Array, start: number, end: number): number {
  const length = Math.min(term.length, end - start);
  let shared = 0;
  while (shared < length && term[shared] === lower(bytes[start + shared] ?? 0)) shared++;
  return shared;
}

function isForm(term: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const shared = sharedLength(term, bytes, start, end);
  const isPrefix = shared === Math.min(term.length, end - start);
  return alike(shared, term.length, end - start, isPrefix && (bytes[end - 1] ?? 0) === 0x73);
}

function isFormOf(term: string, word: string): boolean {
  const length = Math.min(term.length, word.length);
  let shared = 0;
  while (shared < length && term[shared] === word[shared]) shared++;
  return alike(shared, term.length, word.length, false);
}

/** Whether two words that share their first characters count as forms of one. Short words only differ by a plural s. */
function alike(shared: number, a: number, b: number, plural: boolean): boolean {
  if (shared === a && shared === b) return true;
  if (Math.min(a, b) < 4) return plural && shared >= 2 && b - a === 1;
  return shared >= Math.max(4, Math.min(a, b) - 2) && a - shared <= ENDING_MAX && b - shared <= ENDING_MAX;
}
