import { utf8Length } from '@canswarm/protocol';
import MiniSearch from 'minisearch';
import type { Notion, Query } from './question.ts';
import { termsOf, wordsOf } from './words.ts';

/** What is searched of a passage. */
export interface Searchable {
  readonly text: string;
  readonly headings: readonly string[];
  readonly path: string;
}

export interface Ranked {
  /** Index of the passage in the list given. */
  readonly index: number;
  readonly score: number;
}

/** The text counts most; where it stands tells passages apart that share their words. */
const FIELDS: Readonly<Record<string, number>> = { text: 1, headings: 0.7, path: 1.2 };
/** A term found in several fields counts by its best one, and by this part of the others: a README need not repeat its name. */
const OTHER_FIELDS_SHARE = 0.2;
/** Longer words that begin with a term count by this part. */
const PREFIX_WEIGHT = 0.15;
const PREFIX_LENGTH_MIN = 4;
/** Saturation, length normalisation and floor of BM25+. Passages are of like length, so length says little. */
const BM25 = { k: 1, b: 0.4, d: 0.5 };
/** Even a passage that holds one term of many keeps this part of its score. */
const COVERAGE_FLOOR = 0.1;

/** Shorter passages, in bytes so that scripts with more to a character are not held short, count by this part. */
const SHORT_BYTES = 48;
const SHORT_WORTH = 0.7;

type Index = MiniSearch<{ id: number; passage: Searchable }>;

/** Ranks passages by BM25 over text, headings and path, times how much of the question they cover. Best first; ties by order. */
export function rank(passages: readonly Searchable[], query: Query): Ranked[] {
  const index = buildIndex(passages, query);
  const scores = new Float64Array(passages.length);
  const covered = new Float64Array(passages.length);
  let asked = 0;
  for (const notion of query.notions) {
    asked += notion.weight;
    for (const [passage, { score, share }] of scoreNotion(index, notion)) {
      scores[passage] = (scores[passage] ?? 0) + score * notion.weight;
      covered[passage] = (covered[passage] ?? 0) + share * notion.weight;
    }
  }
  const ranked: Ranked[] = [];
  scores.forEach((score, passage) => {
    const coverage = COVERAGE_FLOOR + ((1 - COVERAGE_FLOOR) * (covered[passage] ?? 0)) / asked;
    if (score > 0) ranked.push({ index: passage, score: score * coverage * worth(passages[passage]) });
  });
  return ranked.sort((a, b) => b.score - a.score || a.index - b.index);
}

/** A few words, such as a cell of a table, seldom answer anything by themselves. */
const worth = (passage: Searchable | undefined): number =>
  passage !== undefined && utf8Length(passage.text.trim()) < SHORT_BYTES ? SHORT_WORTH : 1;

/** For every passage that tells of the notion, its best form's score and how well that form stands for it. */
function scoreNotion(index: Index, notion: Notion): ReadonlyMap<number, { score: number; share: number }> {
  const best = new Map<number, { score: number; share: number }>();
  for (const [term, share] of notion.forms) {
    for (const [passage, found] of scoreTerm(index, term)) {
      const score = found * share;
      if (score > (best.get(passage)?.score ?? 0)) best.set(passage, { score, share });
    }
  }
  return best;
}

function buildIndex(passages: readonly Searchable[], query: Query): Index {
  const terms = new Set(query.notions.flatMap(({ forms }) => [...forms.keys()]));
  const prefixes = [...terms].filter((term) => term.length >= PREFIX_LENGTH_MIN);
  const processed = new Map<string, string[] | null>();
  // Words that are not asked for count for a passage's length and are not indexed: the same scores at a fraction of the cost.
  const processTerm = (word: string): string[] | null => {
    let found = processed.get(word);
    if (found === undefined) {
      const { whole, parts } = termsOf(word);
      const wanted = (whole === undefined ? parts : [whole, ...parts]).filter(
        (term) => terms.has(term) || prefixes.some((prefix) => term.startsWith(prefix)),
      );
      found = wanted.length === 0 ? null : wanted;
      processed.set(word, found);
    }
    return found;
  };
  const index: Index = new MiniSearch({
    fields: Object.keys(FIELDS),
    extractField: (document, field) => fieldOf(document, field),
    tokenize: wordsOf,
    processTerm,
    autoVacuum: false,
    searchOptions: {
      bm25: BM25,
      tokenize: (term) => [term],
      processTerm: (term) => term,
      prefix: (term) => term.length >= PREFIX_LENGTH_MIN,
      weights: { prefix: PREFIX_WEIGHT, fuzzy: 0 },
    },
  });
  index.addAll(passages.map((passage, id) => ({ id, passage })));
  return index;
}

/** The score of one term for every passage that holds it in some field. */
function scoreTerm(index: Index, term: string): ReadonlyMap<number, number> {
  const best = new Map<number, number>();
  const sum = new Map<number, number>();
  for (const [field, boost] of Object.entries(FIELDS)) {
    for (const { id, score } of index.search(term, { fields: [field] })) {
      const passage = Number(id);
      best.set(passage, Math.max(best.get(passage) ?? 0, score * boost));
      sum.set(passage, (sum.get(passage) ?? 0) + score * boost);
    }
  }
  const scores = new Map<number, number>();
  for (const [passage, top] of best) scores.set(passage, top + OTHER_FIELDS_SHARE * ((sum.get(passage) ?? top) - top));
  return scores;
}

function fieldOf(document: { id: number; passage: Searchable }, field: string): string {
  if (field === 'id') return String(document.id);
  if (field === 'text') return document.passage.text;
  return field === 'path' ? document.passage.path : document.passage.headings.join('\n');
}
