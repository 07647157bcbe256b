import { decodeText, readDocument } from './document/read-document.ts';
import { okapiScores, type RankedText } from './okapi.ts';
import { type Passage, passagesOf } from './passages.ts';
import type { Question } from './question.ts';
import { shortlist, weightsOf } from './shortlist.ts';
import { closeness, fitness, headingText, type PassageTerms, termsIn } from './signals.ts';
import { type Candidate, distinctHits, headingsOver, type Survey } from './survey.ts';

/** A passage with its worth, ready to be chosen. */
export interface RankedPassage {
  readonly path: string;
  /** Index of its document in the survey. */
  readonly document: number;
  /** UTF-16 range in the document's text. */
  readonly start: number;
  readonly end: number;
  readonly byteStart: number;
  readonly byteEnd: number;
  readonly heading: string | undefined;
  /** As a reader sees it; for comparing. */
  readonly text: string;
  /** As it is written, markup and all. */
  readonly written: string;
  readonly score: number;
}

interface Weighed extends Omit<RankedPassage, 'score'> {
  readonly ranked: RankedText;
  readonly factor: number;
}

const SHORTLIST_MIN = 300;
const SHORTLIST_PER_STATEMENT = 15;
const SHORTLIST_MAX = 3000;
/** What terms near each other add at most. */
const CLOSENESS_GAIN = 0.2;
/** What is left of the score of a passage that holds no telling term itself. */
const COVERAGE_FLOOR = 0.1;
const ANNOUNCED_WORDS_MAX = 40;
const CONTEXT_SHARES = [0.8, 0.8];
const PARTS_SHARE = 0.7;
const KIN_SHARE = 0.5;
const HEADING_GAIN = 0.3;

/** Ranks the passages of the most promising blocks, best first; equal ones in reading order. */
export function rankPassages(question: Question, survey: Survey, maxStatements: number): readonly RankedPassage[] {
  const weights = weightsOf(survey, question.terms.length);
  const size = Math.min(SHORTLIST_MAX, Math.max(SHORTLIST_MIN, maxStatements * SHORTLIST_PER_STATEMENT));
  const byDocument = Map.groupBy(shortlist(survey, weights, size), ({ document }) => document);
  const weighed: Weighed[] = [];
  for (const document of [...byDocument.keys()].sort((a, b) => a - b)) {
    weighed.push(...weighDocument(question, survey, weights, document, byDocument.get(document) ?? []));
  }
  const scores = okapiScores(
    weighed.map(({ ranked }) => ranked),
    question.terms.length,
    survey.otherBlocks,
  );
  return weighed
    .map(({ ranked: _, factor, ...passage }, order) => ({ ...passage, order, score: (scores[order] ?? 0) * factor }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .map(({ order: _, ...passage }) => passage);
}

function weighDocument(
  question: Question,
  survey: Survey,
  weights: readonly number[],
  document: number,
  candidates: readonly Candidate[],
): Weighed[] {
  const surveyed = survey.documents[document];
  const text = surveyed === undefined ? null : decodeText(surveyed.source.bytes);
  if (surveyed === undefined || text === null) return [];
  const { path } = surveyed.source;
  const reading = readDocument(path, text);
  const headings = headingsOver(reading.blocks);
  const bytesBefore = byteCounter(text);
  const inOrder = [...candidates].sort((a, b) => a.block - b.block);
  return inOrder.flatMap(({ block, headingHits }) => {
    const heading = headingText(reading, reading.blocks[headings[block] ?? -1]);
    const nearest = distinctHits(question, heading ?? '');
    return passagesOf(reading, block).map((passage) => {
      const terms = termsIn(question, reading, passage);
      const factor =
        fitness(question, { path, reading, heading }, passage, terms) *
        (1 + CLOSENESS_GAIN * closeness(terms)) *
        coverage(question, weights, terms.hits, [headingHits, surveyed.pathHits]) *
        (1 + HEADING_GAIN * coveredShare(question, weights, (term) => Number(nearest.includes(term))));
      return {
        path,
        document,
        start: passage.start,
        end: passage.end,
        byteStart: bytesBefore(passage.start),
        byteEnd: bytesBefore(passage.end),
        heading,
        text: reading.visible.slice(passage.start, passage.end),
        written: text.slice(passage.start, passage.end),
        ranked: rankedText(question, passage, terms, headingHits, surveyed.pathHits),
        factor,
      };
    });
  });
}

/**
 * What BM25 counts. Terms of the path count at most once more in the passage: in the document of a package its name tells
 * little. Terms of the headings count once more where they are missing. In a list, a table or code every term counts
 * once: words are repeated there for other reasons than in prose.
 */
function rankedText(
  question: Question,
  passage: Passage,
  terms: PassageTerms,
  headings: readonly number[],
  path: readonly number[],
): RankedText {
  const prose = passage.kind === 'sentences';
  const kin = new Set(question.concepts.map((concept) => concept.kin));
  const counted = terms.hits.filter(
    (term, index) => (prose && !path.includes(term) && !kin.has(term)) || terms.hits.indexOf(term) === index,
  );
  const around = new Set([...path, ...headings.filter((term) => !counted.includes(term))]);
  const words = prose || passage.kind === 'code' ? terms.words : Math.min(terms.words, ANNOUNCED_WORDS_MAX);
  return { hits: [...counted, ...around], words: words + around.size };
}

/** How much of what is asked for a passage speaks of, itself or by where it stands: `COVERAGE_FLOOR` to 1. */
function coverage(
  question: Question,
  weights: readonly number[],
  own: readonly number[],
  context: readonly (readonly number[])[],
): number {
  const share = coveredShare(question, weights, (term) => {
    if (own.includes(term)) return 1;
    const place = context.findIndex((terms) => terms.includes(term));
    return CONTEXT_SHARES[place] ?? 0;
  });
  return COVERAGE_FLOOR + (1 - COVERAGE_FLOOR) * share * share;
}

/** The weighted share of a question's concepts that are there; of a compound, parts alone give most of it. */
function coveredShare({ concepts }: Question, weights: readonly number[], presence: (term: number) => number): number {
  let sum = 0;
  let all = 0;
  for (const { whole, parts, kin } of concepts) {
    const weight = weights[whole] ?? 0;
    const inParts = parts.reduce((total, part) => total + presence(part), 0) / Math.max(1, parts.length);
    all += weight;
    const inKin = kin === null ? 0 : KIN_SHARE * presence(kin);
    sum += weight * Math.max(presence(whole), PARTS_SHARE * inParts, inKin);
  }
  return all === 0 ? 0 : sum / all;
}

/** UTF-8 bytes before an index of `text`. Cheap when asked in ascending order, right in any. */
function byteCounter(text: string): (index: number) => number {
  let known = { index: 0, bytes: 0 };
  return (index) => {
    const from = index >= known.index ? known : { index: 0, bytes: 0 };
    const bytes = from.bytes + Buffer.byteLength(text.slice(from.index, index));
    if (index >= known.index && index - known.index > 4096) known = { index, bytes };
    return bytes;
  };
}
