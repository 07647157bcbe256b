import type { CorpusStatistics, Passage } from './passage.ts';

/** BM25 weights in integers, so that every seat gets the same score to the last bit, whatever its processor or engine. */
const SATURATION_PERCENT = 120;
const LENGTH_PERCENT = 30;
/** A term that only the path or a heading holds counts by this part. */
const CONTEXT_PERCENT = 60;
/** Scores are counted in 1024ths of a bit of information. */
const FRACTION_BITS = 10;

/** What a score is computed from: a passage of the checker's own or a quote it was given. */
export type Scorable = Pick<Passage, 'words' | 'counts' | 'context'>;

/**
 * Scores passages by Okapi BM25 with two departures: a passage shorter than the average counts as average (else a bare headline
 * would win), and terms that only its path or headings hold count in part.
 */
export class Scorer {
  readonly #weights: readonly number[];
  readonly #averageWords: number;

  constructor(statistics: CorpusStatistics) {
    const { passages, words, holding } = statistics;
    this.#averageWords = Math.max(1, Math.floor(words / Math.max(1, passages)));
    this.#weights = holding.map((count) => logRatio(2 * passages + 2, 2 * count + 1));
  }

  /** What part of the question's information the terms of a passage and its context hold, in basis points. */
  coverageBps(passage: Scorable): number {
    let held = 0;
    let asked = 0;
    this.#weights.forEach((weight, term) => {
      asked += weight;
      const isHeld = (passage.counts[term] ?? 0) > 0 || (passage.context & (1 << term)) !== 0;
      if (isHeld) held += weight;
    });
    return asked === 0 ? 0 : Math.floor((held * 10_000) / asked);
  }

  /** An integer >= 0; 0 when neither the passage nor its context holds a term. */
  score(passage: Scorable): number {
    const average = this.#averageWords;
    const words = Math.max(average, passage.words);
    const length = (100 - LENGTH_PERCENT) * average + LENGTH_PERCENT * words;
    let own = 0;
    let context = 0;
    this.#weights.forEach((weight, term) => {
      const count = passage.counts[term] ?? 0;
      if (count > 0) {
        const saturated = count * (100 + SATURATION_PERCENT) * average * 100;
        own += Math.floor((weight * saturated) / (count * average * 10_000 + SATURATION_PERCENT * length));
      } else if ((passage.context & (1 << term)) !== 0) {
        context += Math.floor((weight * CONTEXT_PERCENT) / 100);
      }
    });
    return own + context;
  }
}

/** floor(1024 * log2(numerator / denominator)) for integers numerator >= denominator > 0, in integer arithmetic only. */
export function logRatio(numerator: number, denominator: number): number {
  const one = 1n << 48n;
  let rest = (BigInt(numerator) * one) / BigInt(denominator);
  let result = 0;
  while (rest >= 2n * one) {
    rest /= 2n;
    result++;
  }
  for (let bit = 0; bit < FRACTION_BITS; bit++) {
    rest = (rest * rest) / one;
    result *= 2;
    if (rest >= 2n * one) {
      rest /= 2n;
      result++;
    }
  }
  return result;
}
