import { beginningsOf } from './stem.ts';
import { eachWord, termsOf } from './words.ts';

/** What a question asks for. `words` are told from a document's words by `match`. */
export interface Question {
  /** Distinct terms, in the order asked. */
  readonly terms: readonly string[];
  /** Whether it asks for a way to do something. */
  readonly howTo: boolean;
  /** Indices into `terms` of a written word's terms; the same frozen empty list for words that matter not. */
  match(word: string): readonly number[];
}

const QUESTION_LENGTH_MAX = 4096;
const TERMS_MAX = 32;
const CACHE_SIZE_MAX = 200_000;
const NONE: readonly number[] = [];

const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a about actually all also am an and any anybody anyone are as at be because been being both but by came can could did do does ' +
    'doing done each either else ever every exactly explain find for from get gets getting give given go got had has have having he ' +
    'her here him his how i if in into is it its itself just kind know let like made make many may me might more most much must my ' +
    'need needed needs no nor not of off on once one only or other our out over own per please possible really s same shall she ' +
    'should so some such supposed t tell than that the their them themselves then there these they thing things this those through ' +
    'to too under until up upon us very via want was way ways we well were what whats when where whether which while who whom whose ' +
    'why will with within without would you your'
  ).split(' '),
);

const HOW_TO =
  /\b(?:how\s+(?:do|does|can|could|should|would|to|might|must|is|are)|way\s+to|steps?\s+to|what\s+(?:should|must|can|do)\s+(?:i|we|you|one))\b/i;

/** Reads a question. A question of stop words only is taken at its words. */
export function readQuestion(asked: string): Question {
  const text = asked.slice(0, QUESTION_LENGTH_MAX);
  const all: string[] = [];
  const telling: string[] = [];
  eachWord(text, 0, text.length, (word) => {
    const terms = termsOf(word);
    all.push(...terms);
    if (!STOP_WORDS.has(word.toLowerCase().replace(/[’']/g, ''))) telling.push(...terms);
    return undefined;
  });
  const terms = [...new Set(telling.length > 0 ? telling : all)].slice(0, TERMS_MAX);
  const places = new Map(terms.map((term, index) => [term, index]));
  const cache = new Map<string, readonly number[]>();
  const possible = possibleMatch(terms);
  const match = (word: string): readonly number[] => {
    if (!possible.test(word)) return NONE;
    const known = cache.get(word);
    if (known !== undefined) return known;
    const found = termsOf(word).flatMap((term) => places.get(term) ?? []);
    const result = found.length === 0 ? NONE : found;
    if (cache.size >= CACHE_SIZE_MAX) cache.clear();
    cache.set(word, result);
    return result;
  };
  return { terms, howTo: HOW_TO.test(text), match };
}

/** Tells most words that cannot match at little cost. Letters beyond ASCII and markup inside a word are left to `termsOf`. */
function possibleMatch(terms: readonly string[]): RegExp {
  const beginnings = new Set(terms.flatMap(beginningsOf).map((text) => text.replace(/[^\p{L}\p{N}]/gu, '\\$&')));
  return new RegExp(`[^\\x00-\\x7f]|${[...beginnings].join('|')}`, 'i');
}
