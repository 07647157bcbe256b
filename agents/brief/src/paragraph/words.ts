/**
 * Words as this engine compares them: lower case, split at anything but letters, digits and single hyphens or underscores
 * between them, word endings taken off, compound names also by their parts. Scripts written without spaces are compared by
 * pairs of characters.
 */
const WORD = /[\p{L}\p{M}\p{N}]+(?:[-_][\p{L}\p{M}\p{N}]+)*/gu;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const NON_ASCII = /[^\p{ASCII}]/u;
const JOINT = /[-_]/;
const CAMEL_PART = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+/gu;
const CAMEL = /\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u;

/** Longer runs of letters are data, not words. */
const WORD_LENGTH_MAX = 64;
/** Shorter parts of a compound name say nothing by themselves. */
const PART_LENGTH_MIN = 3;

/** The words of a text as they stand. */
export function wordsOf(text: string): string[] {
  return text.match(WORD) ?? [];
}

/** What a word is indexed under. */
export interface WordTerms {
  /** The word itself; absent where it is too short or too long to tell anything. */
  readonly whole?: string;
  /** Parts of a compound name (`readable-stream`, `requiredOption`), or the character pairs of a script without spaces. */
  readonly parts: readonly string[];
}

export function termsOf(word: string): WordTerms {
  if (word.length > WORD_LENGTH_MAX) return { parts: [] };
  const plain = NON_ASCII.test(word) ? word.normalize('NFKC') : word;
  if (plain !== word || NON_ASCII.test(plain)) {
    if (UNSPACED.test(plain)) return { parts: characterPairs(plain) };
  }
  const pieces = plain.split(JOINT);
  const joined = pieces.join('');
  if (single(joined)) return { parts: [] };
  const whole = stem(joined.toLowerCase());
  const named = pieces.length > 1 || CAMEL.test(plain);
  const parts = named ? pieces.flatMap((piece) => (CAMEL.test(piece) ? (piece.match(CAMEL_PART) ?? []) : [piece])) : [];
  const long = parts.filter((part) => part.length >= PART_LENGTH_MIN).map((part) => stem(part.toLowerCase()));
  return { whole, parts: [...new Set(long)] };
}

const single = (word: string): boolean => word.length === 1 && !/\p{N}/u.test(word);

function characterPairs(word: string): string[] {
  const characters = [...word];
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
}

const VOWEL = /[aeiouy]/;

/** Suffixes of English that seldom change what a word is about, with the shortest stem each must leave. */
const SUFFIXES: readonly (readonly [suffix: string, stemLengthMin: number])[] = [
  ['abilities', 3],
  ['ability', 3],
  ['ibility', 3],
  ['ations', 4],
  ['ation', 4],
  ['able', 4],
  ['ible', 4],
  ['ers', 4],
  ['er', 4],
  ['ions', 4],
  ['ion', 4],
];

/**
 * A light stem: plural, -ing, -ed and a few derivations are taken off, and a final e. The same on both sides of a search, so
 * what matters is that forms of one word meet, not that the stem is a word.
 */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let base = withoutPlural(word);
  base = withoutParticiple(base);
  for (const [suffix, stemLengthMin] of SUFFIXES) {
    if (base.endsWith(suffix) && base.length - suffix.length >= stemLengthMin) {
      base = undoubled(base.slice(0, -suffix.length));
      break;
    }
  }
  if (base.length > 3 && base.endsWith('e')) base = base.slice(0, -1);
  if (base.length > 3 && base.endsWith('y')) base = `${base.slice(0, -1)}i`;
  return base;
}

function withoutPlural(word: string): string {
  if (!word.endsWith('s') || word.endsWith('ss') || word.endsWith('us') || word.endsWith('is')) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|x|ch|sh|zz)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

function withoutParticiple(word: string): string {
  for (const suffix of ['ing', 'ed']) {
    const base = word.slice(0, -suffix.length);
    if (word.endsWith(suffix) && base.length >= 3 && VOWEL.test(base)) return undoubled(base);
  }
  return word;
}

const undoubled = (base: string): string => (/([bdfgmnprt])\1$/.test(base) ? base.slice(0, -1) : base);
