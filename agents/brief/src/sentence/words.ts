import { stem } from './stem.ts';

/** Kinds of UTF-16 code unit. */
const OTHER = 0;
const LETTER = 1;
/** Stands inside a compound word: `p-queue`, `node.js`, `don't`, `snake_case`, and U+00AD where markup was. */
const JOINER = 2;

const KINDS: Uint8Array = classify();

function classify(): Uint8Array {
  const kinds = new Uint8Array(0x10000);
  const letter = /[\p{L}\p{N}\p{M}\p{Cs}$@]/u;
  for (let unit = 0; unit < kinds.length; unit += 1) {
    if (letter.test(String.fromCharCode(unit))) kinds[unit] = LETTER;
  }
  for (const joiner of "-._'’/\u00ad\u200b\u200d") kinds[joiner.charCodeAt(0)] = JOINER;
  return kinds;
}

/** A word as long as this is data, not language. */
const WORD_LENGTH_MAX = 100;
/** Between a prefix that makes a word of a word, and the word. */
const PREFIX = /(?<=^(?:sub|multi|auto|micro|inter|non))(?=[a-z]{5,}$)/;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/**
 * Calls `visit` with every word of `text` between `start` and `end`, as written, compounds whole. Returns how many there were.
 * Ends early when `visit` returns `false`.
 */
export function eachWord(
  text: string,
  start: number,
  end: number,
  visit: (word: string, at: number) => boolean | undefined,
): number {
  let count = 0;
  let index = start;
  while (index < end) {
    if (KINDS[text.charCodeAt(index)] !== LETTER) {
      index += 1;
      continue;
    }
    const from = index;
    let last = index;
    for (index += 1; index < end; index += 1) {
      const kind = KINDS[text.charCodeAt(index)];
      if (kind === LETTER) last = index;
      else if (kind === OTHER) break;
    }
    count += 1;
    if (visit(text.slice(from, last + 1), from) === false) return count;
  }
  return count;
}

/** What one written word says. */
export interface WordTerms {
  /** The stem of the word, a compound put together; `null` when it says nothing. */
  readonly whole: string | null;
  /** The stems of a compound's parts (split at joiners and at capitals inside). Empty for a simple word. */
  readonly parts: readonly string[];
}

/** Text without spaces between words gives pairs of characters as parts. */
export function termsOf(written: string): WordTerms {
  const word = written.replace(/[\u00ad\u200b\u200d]/g, '').normalize('NFKC');
  if (word.length > WORD_LENGTH_MAX) return { whole: null, parts: [] };
  if (UNSPACED.test(word)) return { whole: word.toLowerCase(), parts: pairsOf(word) };
  const parts = word
    .replace(/['’]s$/i, '')
    .split(/[-._'’/]+/)
    .flatMap((part) => part.split(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u))
    .filter((part) => part !== '')
    .flatMap((part) => part.toLowerCase().split(PREFIX));
  const whole = parts.length === 0 ? null : stem(parts.join(''));
  return { whole, parts: parts.length < 2 ? [] : parts.filter((part) => part.length > 1).map(stem) };
}

function pairsOf(word: string): readonly string[] {
  const characters = [...word.toLowerCase()];
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}
