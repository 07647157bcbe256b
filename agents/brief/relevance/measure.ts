/**
 * Prints how well each extractor does on the committed questions, and how the checker judges them.
 *
 *   npm run relevance -w agents/brief -- [folder of packages] [questions | tuning]
 *
 * Without a folder: the packages that questions.json names, from node_modules.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Ranking } from '../src/checker/ranking.ts';
import type { Extract, SourceDocument } from '../src/extract.ts';
import { extractParagraphs } from '../src/paragraph/index.ts';
import { extractSentences } from '../src/sentence/index.ts';
import { loadDocuments, loadQuestions, measureRelevance, type Question, randomQuotes } from './harness.ts';

const STATEMENTS = 12;
const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());

/** Least, middle and most of what the checker gives an extractor over all questions, in basis points of its own best. */
async function margins(
  extract: Extract,
  questions: readonly Question[],
  documents: readonly SourceDocument[],
): Promise<string> {
  const bps: number[] = [];
  for (const { question } of questions) {
    const { statements } = await extract({ question, maxStatements: STATEMENTS, documents });
    const ranking = new Ranking(question);
    for (const document of documents) {
      const { path } = document;
      ranking.add(
        document,
        statements.filter((statement) => statement.path === path),
      );
    }
    bps.push(ranking.compare(statements, STATEMENTS).bps);
  }
  bps.sort((a, b) => a - b);
  return `least ${bps[0]}, middle ${bps[bps.length >> 1]}, most ${bps.at(-1)} bps`;
}

const folder = process.argv[2];
const NODE_MODULES = join(import.meta.dirname, '../../../node_modules');
const { packages, questions } = await loadQuestions(process.argv[3] === 'tuning' ? 'tuning' : 'questions');
const documents = await loadDocuments(folder ?? NODE_MODULES, sha256, folder === undefined ? packages : undefined);
const bytes = documents.reduce((sum, document) => sum + document.bytes.length, 0);
console.log(`${documents.length} documents, ${bytes} bytes, ${questions.length} questions`);
const extractors: readonly (readonly [name: string, extract: Extract])[] = [
  ['paragraph', extractParagraphs],
  ['sentence', extractSentences],
  ['random', randomQuotes(1)],
];
for (const [name, extract] of extractors) {
  const started = performance.now();
  const { answered, passed, meanReciprocalRank } = await measureRelevance(extract, questions, documents);
  const ms = Math.round((performance.now() - started) / questions.length);
  console.log(
    `${name}: ${passed} of ${questions.length}, mean reciprocal rank ${meanReciprocalRank.toFixed(3)}, ${ms} ms a question`,
  );
  for (const { question, rank } of answered)
    if (rank === 0 || rank > 5) console.log(`  rank ${rank || 'none'}: ${question}`);
  console.log(`  checker: ${await margins(extract, questions, documents)}`);
}
