import { kinOf } from './kin.ts';
import { beginningsOf } from './stem.ts';
import { eachWord, termsOf } from './words.ts';

/** One word of a question. A compound (`p-queue`, `appendLeft`) is also its parts, which tell less than the whole. */
export interface Concept {
  /** Index of the word's own term. */
  readonly whole: number;
  /** Indices of the terms of its parts; empty for a simple word. */
  readonly parts: readonly number[];
  /** Index of the term that words of like meaning share; `null` when there are none. */
  readonly kin: number | null;
}

/** What a question asks for. */
export interface Question {
  /** Distinct terms, in the order asked. */
  readonly terms: readonly string[];
  /** Its telling words. */
  readonly concepts: readonly Concept[];
  /** Whether it asks for a way to do something. */
  readonly howTo: boolean;
  /** Indices into `terms` of what a document's word says: of the whole if that is asked for, else of its parts. */
  match(word: string): readonly number[];
}

const QUESTION_LENGTH_MAX = 4096;
const TERMS_MAX = 32;
const CACHE_SIZE_MAX = 200_000;
const NONE: readonly number[] = [];

const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a about actually all already also am an and any anybody anyone are as at be because been being both but by came can could did do does ' +
    'doing done each either else ever every exactly explain find for from get gets getting give given go got had has have having he ' +
    'her here him his how i if in into is it its itself just kind know let like made make many may me might more most much must my ' +
    'need needed needs no nor not of off on once one only or other our out over own per please possible really s same shall she ' +
    'should so some still such supposed t tell than that the their them themselves then there these they thing things this those through ' +
    'to too under until up upon us very via want was way ways we well were what whats when where whether which while who whom whose ' +
    'why will with within without would you yet your'
  ).split(' '),
);

const HOW_TO =
  /\b(?:how\s+(?:do|does|can|could|should|would|to|might|must|is|are)|way\s+to|steps?\s+to|what\s+(?:should|must|can|do)\s+(?:i|we|you|one))\b/i;

/** Reads a question. A question of stop words only is taken at its words. */
export function readQuestion(asked: string): Question {
  const text = asked.slice(0, QUESTION_LENGTH_MAX);
  const words: string[] = [];
  eachWord(text, 0, text.length, (word) => {
    words.push(word);
    return undefined;
  });
  const telling = words.filter((word) => !isStopWord(word));
  const terms: string[] = [];
  const places = new Map<string, number>();
  const concepts = conceptsOf(telling.length > 0 ? telling : words, terms, places);
  const possible = possibleMatch([...places.keys()]);
  const cache = new Map<string, readonly number[]>();
  const match = (word: string): readonly number[] => {
    if (!possible.test(word)) return NONE;
    const known = cache.get(word);
    if (known !== undefined) return known;
    const found = matched(word, places);
    if (cache.size >= CACHE_SIZE_MAX) cache.clear();
    cache.set(word, found);
    return found;
  };
  return { terms, concepts, howTo: HOW_TO.test(text), match };
}

function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word.toLowerCase().replace(/[’']/g, ''));
}

/** The words' concepts, each once. Fills `terms`, and `places` with the term that each stem stands for. */
function conceptsOf(words: readonly string[], terms: string[], places: Map<string, number>): readonly Concept[] {
  const found = new Map<string, { whole: number; parts: readonly number[] }>();
  const place = (term: string): number => {
    const known = places.get(term);
    if (known !== undefined) return known;
    places.set(term, terms.length);
    return terms.push(term) - 1;
  };
  for (const { whole, parts } of words.map(termsOf)) {
    if (whole === null || found.has(whole) || terms.length + parts.length >= TERMS_MAX) continue;
    found.set(whole, { whole: place(whole), parts: parts.filter((part) => !STOP_WORDS.has(part)).map(place) });
  }
  return [...found].map(([whole, concept]) => {
    const kin = kinOf(whole).filter((term) => !places.has(term));
    if (kin.length === 0) return { ...concept, kin: null };
    const index = terms.push(`like ${whole}`) - 1;
    for (const term of kin) places.set(term, index);
    return { ...concept, kin: index };
  });
}

function matched(word: string, places: ReadonlyMap<string, number>): readonly number[] {
  const { whole, parts } = termsOf(word);
  const place = whole === null ? undefined : places.get(whole);
  if (place !== undefined) return [place];
  const found = [...new Set(parts)].flatMap((part) => places.get(part) ?? []);
  return found.length === 0 ? NONE : found;
}

/** Tells most words that cannot match at little cost. Letters beyond ASCII and markup inside a word are left to `termsOf`. */
function possibleMatch(terms: readonly string[]): RegExp {
  const beginnings = new Set(terms.flatMap(beginningsOf).map((text) => text.replace(/[^\p{L}\p{N}]/gu, '\\$&')));
  return new RegExp(`[^\\x00-\\x7f]|${[...beginnings].join('|')}`, 'i');
}
