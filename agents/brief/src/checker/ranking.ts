import type { SourceDocument } from '../extract.ts';
import { type Fingerprint, fingerprint, saysTheSame } from './fingerprint.ts';
import { measure } from './measure.ts';
import type { Passage } from './passage.ts';
import { type Scorable, Scorer } from './score.ts';
import { Segmenter } from './segment.ts';
import { Terms } from './terms.ts';

/** A statement to be ranked, by the bytes it stands for. */
export interface RankedQuote {
  readonly path: string;
  readonly byteStart: number;
  readonly byteEnd: number;
}

/** How a brief compares with the best the checker finds. Scores are integers of the checker's own measure. */
export interface Comparison {
  readonly score: number;
  readonly best: number;
  /** floor(10 000 * score / best); 10 000 when the checker finds nothing itself. */
  readonly bps: number;
  /** What part of the question's information the passage that covers most of it holds. */
  readonly coverageBps: number;
}

/** Passages looked at for each statement of the best set. */
const LOOKED_AT_FACTOR = 16;
/** Only what exceeds this part of the best passage's score counts, in hundredths: common words are no answer. */
const FLOOR_PERCENT = 30;

/**
 * What a rank counts, in 10 000ths: 1 / log2(rank + 1) as in discounted cumulative gain, so that the order matters and what
 * stands last hardly does.
 */
const RANK_WEIGHTS: readonly number[] = [
  10_000, 6_309, 5_000, 4_307, 3_869, 3_562, 3_333, 3_155, 3_010, 2_891, 2_789, 2_702, 2_626, 2_560, 2_500, 2_447,
  2_398, 2_354, 2_314, 2_277, 2_242, 2_211, 2_181, 2_153, 2_127, 2_103, 2_080, 2_058, 2_038, 2_018, 2_000, 1_982, 1_966,
  1_950, 1_934, 1_920, 1_906, 1_892, 1_879, 1_867, 1_854, 1_843, 1_832, 1_821, 1_810, 1_800, 1_791, 1_781, 1_772, 1_763,
  1_754, 1_746, 1_738, 1_730, 1_722, 1_714, 1_707, 1_700, 1_693, 1_686, 1_679, 1_673, 1_667, 1_660,
];

/**
 * Compares quotes with the documents' best passages for a question. Feed it every document in corpus order, then ask. It cuts
 * and scores by itself and shares nothing with the engines it judges.
 */
export class Ranking {
  readonly #terms: Terms;
  readonly #segmenter: Segmenter;
  readonly #passages: Passage[] = [];
  readonly #documents: Uint8Array[] = [];
  readonly #quotes = new Map<RankedQuote, { readonly scorable: Scorable; readonly words: Fingerprint }>();
  readonly #holding: number[];
  #passageCount = 0;
  #words = 0;
  #sections: { readonly offset: number; readonly mask: number }[] = [];

  constructor(question: string) {
    this.#terms = new Terms(question);
    this.#holding = new Array<number>(this.#terms.count).fill(0);
    this.#segmenter = new Segmenter(this.#terms, {
      count: (words, counts) => this.#count(words, counts),
      keep: (passage) => {
        this.#passages.push(passage);
      },
      section: (offset, mask) => {
        this.#sections.push({ offset, mask });
      },
    });
  }

  /** Reads the next document, and the quotes that are taken from it: their ranges must lie within it. */
  add(document: SourceDocument, quotes: readonly RankedQuote[]): void {
    const pathMask = this.#terms.maskOf(document.path);
    this.#sections = [{ offset: 0, mask: pathMask }];
    this.#segmenter.document(this.#documents.length, document.bytes, pathMask);
    this.#documents.push(document.bytes);
    for (const quote of quotes) {
      const bytes = document.bytes.subarray(quote.byteStart, quote.byteEnd);
      const context = this.#sections.findLast(({ offset }) => offset <= quote.byteStart)?.mask ?? pathMask;
      this.#quotes.set(quote, { scorable: measure(this.#terms, bytes, context), words: fingerprint(bytes) });
    }
  }

  /** Compares `quotes`, all of which were given with their documents, best first, with the best set of `max` passages. */
  compare(quotes: readonly RankedQuote[], max: number): Comparison {
    const scorer = new Scorer({ passages: this.#passageCount, words: this.#words, holding: this.#holding });
    const best = this.#best(scorer, max);
    const floor = Math.floor(((best[0] ?? 0) * FLOOR_PERCENT) / 100);
    const bestGain = gain(best, floor);
    const score = gain(this.#scoresOf(quotes.slice(0, max), scorer), floor);
    const bps = bestGain === 0 ? 10_000 : Math.floor((score * 10_000) / bestGain);
    const coverageBps = this.#passages.reduce((most, passage) => Math.max(most, scorer.coverageBps(passage)), 0);
    return { score, best: bestGain, bps, coverageBps };
  }

  #count(words: number, counts: Uint8Array): void {
    this.#passageCount++;
    this.#words += words;
    counts.forEach((count, term) => {
      if (count > 0) this.#holding[term] = (this.#holding[term] ?? 0) + 1;
    });
  }

  /** Scores of the best passages that say different things, best first. */
  #best(scorer: Scorer, max: number): number[] {
    const scored = this.#passages.map((passage) => ({ passage, score: scorer.score(passage) }));
    scored.sort(
      (a, b) => b.score - a.score || a.passage.document - b.passage.document || a.passage.start - b.passage.start,
    );
    const scores: number[] = [];
    const said: Fingerprint[] = [];
    for (const { passage, score } of scored.slice(0, max * LOOKED_AT_FACTOR)) {
      if (scores.length === max) break;
      const words = fingerprint(this.#documents[passage.document] ?? new Uint8Array(0), passage.start, passage.end);
      if (said.some((other) => saysTheSame(other, words))) continue;
      said.push(words);
      scores.push(score);
    }
    return scores;
  }

  /** Scores in the order given; a quote that repeats an earlier one scores nothing. */
  #scoresOf(quotes: readonly RankedQuote[], scorer: Scorer): number[] {
    const said: Fingerprint[] = [];
    return quotes.map((quote) => {
      const known = this.#quotes.get(quote);
      if (known === undefined) throw new Error('a quote is compared that was not given with its document');
      const repeats = said.some((other) => saysTheSame(other, known.words));
      said.push(known.words);
      return repeats ? 0 : scorer.score(known.scorable);
    });
  }
}

function gain(scores: readonly number[], floor: number): number {
  return scores.reduce((sum, score, rank) => sum + Math.max(0, score - floor) * (RANK_WEIGHTS[rank] ?? 0), 0);
}
