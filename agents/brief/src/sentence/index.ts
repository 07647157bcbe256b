import type { Extract } from '../extract.ts';
import { choose } from './choose.ts';
import { readQuestion } from './question.ts';
import { rankPassages } from './rank.ts';
import { survey } from './survey.ts';

/**
 * The extractor by sentences: every block that shares a telling word with the question is cut into sentences (`Intl.Segmenter`,
 * locale pinned), windows of neighbouring sentences are ranked by Okapi BM25 and by how the question's words stand in them, and
 * the best that differ are taken.
 */
export const extractSentences: Extract = async ({ question: asked, maxStatements, documents }) => {
  const question = readQuestion(asked);
  if (question.terms.length === 0 || maxStatements < 1) return { statements: [] };
  const found = await survey(question, documents);
  const chosen = choose(rankPassages(question, found, maxStatements), maxStatements);
  return {
    statements: chosen.map(({ path, byteStart, byteEnd, heading }) =>
      heading === undefined ? { path, byteStart, byteEnd } : { path, byteStart, byteEnd, heading },
    ),
  };
};
