import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  loadDocuments,
  loadQuestions,
  measureRelevance,
  type QuestionSet,
  randomQuotes,
} from '../../relevance/harness.ts';
import { BOUND_BPS, dueBps } from '../../src/checker/bound.ts';
import { type Comparison, Ranking } from '../../src/checker/ranking.ts';
import type { Extract, ExtractedStatement, SourceDocument } from '../../src/extract.ts';
import { extractParagraphs } from '../../src/paragraph/index.ts';
import { extractSentences } from '../../src/sentence/index.ts';
import { sha256 } from '../support/sha256.ts';

const NODE_MODULES = join(import.meta.dirname, '../../../../node_modules');
/** Questions that each engine must answer within the first five statements, of the twenty; a brief tries `paragraph` first. */
const PASSES_MIN: Readonly<Record<string, number>> = { paragraph: 16, sentence: 14 };
const STATEMENTS = 12;
/** How far away the other question is: about another package, with other words. */
const OTHER_QUESTION = 7;

let set: QuestionSet;
let documents: readonly SourceDocument[];
beforeAll(async () => {
  set = await loadQuestions('questions');
  documents = await loadDocuments(NODE_MODULES, sha256, set.packages);
});

/** Keeps what an extractor gave, so that each question costs its work once. */
function remembering(extract: Extract): Extract {
  const given = new Map<string, ReturnType<Extract>>();
  return (input) => {
    const known = given.get(input.question) ?? extract(input);
    given.set(input.question, known);
    return known;
  };
}

const paragraphs = remembering(extractParagraphs);
const extractors: readonly (readonly [name: string, extract: Extract])[] = [
  ['paragraph', paragraphs],
  ['sentence', remembering(extractSentences)],
];

/** What the checker says of some statements as the answer to a question. */
function compare(question: string, statements: readonly ExtractedStatement[]): Comparison {
  const ranking = new Ranking(question);
  for (const document of documents) {
    ranking.add(
      document,
      statements.filter(({ path }) => path === document.path),
    );
  }
  return ranking.compare(statements, STATEMENTS);
}

const passes = ({ bps, coverageBps }: Comparison): boolean => bps >= dueBps(BOUND_BPS, coverageBps);

describe('relevance over the documents of pinned packages', () => {
  it.each(extractors)(
    'the engine %s answers enough of the questions among its first five statements',
    async (engine, extract) => {
      const { passed, answered } = await measureRelevance(extract, set.questions, documents);
      expect(answered).toHaveLength(20);
      expect(passed, JSON.stringify(answered)).toBeGreaterThanOrEqual(PASSES_MIN[engine] ?? 20);
    },
  );

  it('random quotes answer none: the harness can fail', async () => {
    const { passed } = await measureRelevance(randomQuotes(7), set.questions, documents);
    expect(passed).toBeLessThan(2);
  });
});

describe('margins of the acceptance bound', () => {
  it.each(extractors)('the engine %s reaches at least one and a half times what is due', async (_, extract) => {
    for (const { question } of set.questions) {
      const { statements } = await extract({ question, maxStatements: STATEMENTS, documents });
      const { bps, coverageBps } = compare(question, statements);
      expect(bps, question).toBeGreaterThan(1.5 * dueBps(BOUND_BPS, coverageBps));
    }
  });

  it('random quotes, and right answers to other questions, fall short', async () => {
    const random = randomQuotes(11);
    const { questions } = set;
    for (const [index, { question }] of questions.entries()) {
      const other = questions[(index + OTHER_QUESTION) % questions.length]?.question ?? '';
      const ask = { maxStatements: STATEMENTS, documents };
      const { statements } = await random({ question, ...ask });
      expect(passes(compare(question, statements)), `at random: ${question}`).toBe(false);
      const answer = await paragraphs({ question: other, ...ask });
      expect(passes(compare(question, answer.statements)), `${other} for ${question}`).toBe(false);
    }
  });
});
