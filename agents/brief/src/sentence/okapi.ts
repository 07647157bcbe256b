import { createRequire } from 'node:module';

// A CommonJS module whose default export loaders expose in different ways; `require` has one.
const load = createRequire(import.meta.url);
const { default: okapi } = load('okapibm25') as typeof import('okapibm25');

/** A text as the ranking sees it: how often each term stands in it, and how many words it has. */
export interface RankedText {
  /** Indices of terms, repeated as often as they stand there. */
  readonly hits: readonly number[];
  readonly words: number;
}

const WORDS_MAX = 400;
/** More background than this changes no order. */
const BACKGROUND_TEXTS_MAX = 50_000;
const CONSTANTS = { k1: 1, b: 0.4 };

/**
 * Okapi BM25 of `texts` for the terms `0 .. terms - 1`. Term frequencies and lengths are counted within `texts` and
 * `background` (how many texts of how many words hold no term). Every text is put in a code of the library's alphabet, in which
 * no word can be part of another: `~<term>~` for a term, `x` for any other word.
 */
export function okapiScores(
  texts: readonly RankedText[],
  terms: number,
  background: ReadonlyMap<number, number>,
): readonly number[] {
  if (texts.length === 0 || terms === 0) return texts.map(() => 0);
  const codes = Array.from({ length: terms }, (_, term) => `~${term.toString(36)}~`);
  const encoded = texts.map(({ hits, words }) => {
    const others = Math.max(0, Math.min(words, WORDS_MAX) - hits.length);
    return hits.map((hit) => codes[hit] ?? '').join('') + filler(others);
  });
  const total = [...background.values()].reduce((sum, count) => sum + count, 0);
  const share = Math.min(1, BACKGROUND_TEXTS_MAX / Math.max(1, total));
  for (const [words, count] of background) {
    const text = filler(Math.min(words, WORDS_MAX));
    for (let index = 0; index < Math.round(count * share); index += 1) encoded.push(text);
  }
  const scores = okapi(encoded, codes, CONSTANTS);
  return texts.map((_, index) => {
    const score = scores[index];
    return typeof score === 'number' && Number.isFinite(score) ? score : 0;
  });
}

function filler(words: number): string {
  return ' x'.repeat(words);
}
