import type { SourceDocument } from '../extract.ts';
import { decodeText, readDocument } from './document/read-document.ts';
import type { Block, Reading } from './document/reading.ts';
import { wordingOf } from './duplicates.ts';
import type { Question } from './question.ts';
import { eachWord } from './words.ts';

/** A block that may hold an answer: it, or the headings over it, use a word of the question. */
export interface Candidate {
  /** Index into `Survey.documents`. */
  readonly document: number;
  /** Index into the blocks of the document's reading. */
  readonly block: number;
  /** The question's terms in the block, one entry for each time a term stands there. */
  readonly hits: readonly number[];
  /** Distinct terms in the headings over it. */
  readonly headingHits: readonly number[];
  /** Words in the block. */
  readonly words: number;
  /** Equal for blocks of the same words, and mostly for blocks that differ in a few. */
  readonly wording: string;
}

export interface SurveyedDocument {
  readonly source: SourceDocument;
  /** Distinct terms in its path. */
  readonly pathHits: readonly number[];
}

/** What one pass over all documents finds. */
export interface Survey {
  /** Those with candidates. */
  readonly documents: readonly SurveyedDocument[];
  readonly candidates: readonly Candidate[];
  /** How many blocks of how many words hold no word of the question. */
  readonly otherBlocks: ReadonlyMap<number, number>;
}

interface SurveyState {
  readonly question: Question;
  readonly documents: SurveyedDocument[];
  readonly candidates: Candidate[];
  readonly otherBlocks: Map<number, number>;
}

const PATH_PARTS = 4;

/** Reads every document once. Documents that are no valid UTF-8 are passed over. */
export async function survey(
  question: Question,
  documents: AsyncIterable<SourceDocument> | readonly SourceDocument[],
): Promise<Survey> {
  const state: SurveyState = { question, documents: [], candidates: [], otherBlocks: new Map() };
  for await (const source of documents) surveyDocument(state, source);
  return state;
}

function surveyDocument(state: SurveyState, source: SourceDocument): void {
  const text = decodeText(source.bytes);
  if (text === null) return;
  const reading = readDocument(source.path, text);
  const pathHits = distinctHits(state.question, source.path.split('/').slice(-PATH_PARTS).join(' '));
  const headings = headingsOver(reading.blocks);
  const hitsByHeading = new Map<number, readonly number[]>();
  const before = state.candidates.length;
  const document = state.documents.length;
  for (const [index, block] of reading.blocks.entries()) {
    if (block.kind === 'hidden' || block.kind === 'definition') continue;
    const found = hitsIn(state.question, reading, block);
    const heading = headings[index] ?? -1;
    const headingHits = hitsOver(state.question, reading, headings, heading, hitsByHeading);
    if (found.words === 0 || block.kind === 'heading') continue;
    if (found.hits.length === 0 && headingHits.length === 0) {
      state.otherBlocks.set(found.words, (state.otherBlocks.get(found.words) ?? 0) + 1);
    } else {
      state.candidates.push({
        document,
        block: index,
        headingHits,
        wording: wordingOf(reading.visible.slice(block.start, block.end)),
        ...found,
      });
    }
  }
  if (state.candidates.length > before) state.documents.push({ source, pathHits });
}

function hitsIn(question: Question, reading: Reading, block: Block): Pick<Candidate, 'hits' | 'words'> {
  const hits: number[] = [];
  const words = eachWord(reading.visible, block.start, block.end, (word) => {
    for (const term of question.match(word)) hits.push(term);
    return undefined;
  });
  return { hits, words };
}

/** The distinct terms of a text; a compound stands for its parts too. */
export function distinctHits(question: Question, text: string): readonly number[] {
  const hits = new Set<number>();
  eachWord(text, 0, text.length, (word) => {
    for (const term of question.match(word)) hits.add(term);
    return undefined;
  });
  for (const { whole, parts } of question.concepts) {
    if (hits.has(whole)) for (const part of parts) hits.add(part);
  }
  return [...hits];
}

/** For each block the index of the heading it stands under (for a heading, the one above it), or -1. */
export function headingsOver(blocks: readonly Block[]): readonly number[] {
  const trail: number[] = [];
  return blocks.map((block, index) => {
    if (block.kind !== 'heading') return trail.at(-1) ?? -1;
    while (trail.length > 0 && (blocks[trail.at(-1) ?? 0]?.level ?? 0) >= block.level) trail.pop();
    const above = trail.at(-1) ?? -1;
    trail.push(index);
    return above;
  });
}

/** The distinct terms of a heading and all headings above it. */
function hitsOver(
  question: Question,
  reading: Reading,
  headings: readonly number[],
  heading: number,
  known: Map<number, readonly number[]>,
): readonly number[] {
  const block = reading.blocks[heading];
  if (block === undefined) return [];
  const found = known.get(heading);
  if (found !== undefined) return found;
  const above = hitsOver(question, reading, headings, headings[heading] ?? -1, known);
  const own = distinctHits(question, reading.visible.slice(block.start, block.end));
  const hits = own.length === 0 ? above : [...new Set([...own, ...above])];
  known.set(heading, hits);
  return hits;
}
