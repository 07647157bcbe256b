import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFile, type Sha256 } from '@canswarm/protocol';
import { scanFolder } from '../src/corpus/scan-folder.ts';
import type { Extract, SourceDocument } from '../src/extract.ts';

/** A passage that answers a question: the document, and words it must hold (white space in runs counts as one space). */
export interface Expected {
  readonly path: string;
  readonly phrase: string;
}

/** A question with the passages any of which answers it. */
export interface Question {
  readonly question: string;
  readonly expected: readonly Expected[];
}

export interface QuestionSet {
  /** Packages whose documents make the corpus. */
  readonly packages: readonly string[];
  readonly questions: readonly Question[];
}

/** A question is answered when an expected passage is among this many first statements. */
const FIRST = 5;
/** Statements asked for. */
const STATEMENTS = 12;

export interface Answered {
  readonly question: string;
  /** Rank of the first expected passage, from 1; 0 when it is not among the statements. */
  readonly rank: number;
}

/** How an extractor did on a set of questions. */
export interface Measured {
  readonly answered: readonly Answered[];
  /** Questions whose expected passage is among the first five statements. */
  readonly passed: number;
  /** Mean over the questions of 1 / rank. */
  readonly meanReciprocalRank: number;
}

/** Reads a question set beside this file: `questions.json`, which is reported, or `tuning.json`, which weights were chosen on. */
export async function loadQuestions(name: 'questions' | 'tuning'): Promise<QuestionSet> {
  const read = async (file: string): Promise<QuestionSet> =>
    JSON.parse(await readFile(join(import.meta.dirname, `${file}.json`), 'utf8'));
  const { packages } = await read('questions');
  return { packages, questions: (await read(name)).questions };
}

/** The documents of a folder of packages: of all of them, or only of those named. Paths begin with the package's name. */
export async function loadDocuments(
  folder: string,
  sha256: Sha256,
  packages?: readonly string[],
): Promise<SourceDocument[]> {
  const documents: SourceDocument[] = [];
  for (const name of packages ?? ['']) {
    const scan = await scanFolder(join(folder, name));
    for (const { path, bytes } of scan.documents) {
      documents.push({ path: name === '' ? path : `${name}/${path}`, bytes, cid: buildFile(bytes, sha256).cid });
    }
  }
  return documents;
}

/** Asks an extractor every question. */
export async function measureRelevance(
  extract: Extract,
  questions: readonly Question[],
  documents: readonly SourceDocument[],
): Promise<Measured> {
  const byPath = new Map(documents.map((document) => [document.path, document]));
  const answered: Answered[] = [];
  for (const { question, expected } of questions) {
    const { statements } = await extract({ question, maxStatements: STATEMENTS, documents });
    const index = statements.findIndex(({ path, byteStart, byteEnd }) => {
      const quote = new TextDecoder().decode(byPath.get(path)?.bytes.subarray(byteStart, byteEnd));
      return expected.some((passage) => passage.path === path && flat(quote).includes(flat(passage.phrase)));
    });
    answered.push({ question, rank: index + 1 });
  }
  const ranks = answered.map(({ rank }) => rank).filter((rank) => rank > 0);
  return {
    answered,
    passed: ranks.filter((rank) => rank <= FIRST).length,
    meanReciprocalRank: ranks.reduce((sum, rank) => sum + 1 / rank, 0) / answered.length,
  };
}

const flat = (text: string): string => text.replace(/\s+/g, ' ');

/** An extractor that knows nothing: quotes lines at random, the same ones for the same seed. */
export function randomQuotes(seed: number): Extract {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return async ({ maxStatements, documents }) => {
    const lines: { path: string; byteStart: number; byteEnd: number }[] = [];
    for await (const document of documents) lines.push(...linesOf(document));
    const count = Math.min(maxStatements, lines.length);
    return { statements: Array.from({ length: count }, () => lines.splice(below(lines.length), 1)).flat() };
  };
}

/** Lines long enough to say something. */
function linesOf({ path, bytes }: SourceDocument): { path: string; byteStart: number; byteEnd: number }[] {
  const found: { path: string; byteStart: number; byteEnd: number }[] = [];
  for (let byteStart = 0; byteStart < bytes.length; ) {
    const feed = bytes.indexOf(10, byteStart);
    const byteEnd = feed === -1 ? bytes.length : feed;
    if (byteEnd - byteStart >= 40 && byteEnd - byteStart <= 1000) found.push({ path, byteStart, byteEnd });
    byteStart = byteEnd + 1;
  }
  return found;
}
