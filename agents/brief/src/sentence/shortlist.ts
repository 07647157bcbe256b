import type { Candidate, Survey } from './survey.ts';

/** How telling each term is: near 0 when most blocks hold it, large when few do. */
export function weightsOf(survey: Survey, terms: number): readonly number[] {
  const holders = new Array<number>(terms).fill(0);
  for (const { hits } of survey.candidates) {
    for (const term of new Set(hits)) holders[term] = (holders[term] ?? 0) + 1;
  }
  let blocks = survey.candidates.length;
  for (const count of survey.otherBlocks.values()) blocks += count;
  return holders.map((count) => Math.log(1 + (blocks - count + 0.5) / (count + 0.5)));
}

/** Share of the best that a heading's or a path's words give. */
const HEADING_SHARE = 0.7;
const PATH_SHARE = 0.7;
const LENGTH_OF_HALF = 40;
/** Blocks of nearly the same words with as many headings and path words that fit. */
const OF_ONE_WORDING_MAX = 2;

/**
 * The `size` blocks that promise most, best first, few of one wording (equal ones in reading order). A cheap estimate: every
 * telling term counts once, in the block, in its headings or in the path, a little more when the block is short.
 */
export function shortlist(survey: Survey, weights: readonly number[], size: number): readonly Candidate[] {
  const promise = (candidate: Candidate): number => {
    const shares = new Map<number, number>();
    for (const term of survey.documents[candidate.document]?.pathHits ?? []) shares.set(term, PATH_SHARE);
    for (const term of candidate.headingHits) shares.set(term, HEADING_SHARE);
    for (const term of candidate.hits) shares.set(term, 1);
    let sum = 0;
    for (const [term, share] of shares) sum += share * (weights[term] ?? 0);
    return sum * (1 + 0.2 * (LENGTH_OF_HALF / (LENGTH_OF_HALF + candidate.words)));
  };
  const taken = new Map<string, number>();
  const distinct = survey.candidates.filter(({ document, wording, headingHits }) => {
    const pathHits = survey.documents[document]?.pathHits ?? [];
    const key = `${wording}/${headingHits.length}/${pathHits.length}`;
    const count = taken.get(key) ?? 0;
    taken.set(key, count + 1);
    return count < OF_ONE_WORDING_MAX;
  });
  return distinct
    .map((candidate, order) => ({ candidate, order, value: promise(candidate) }))
    .sort((a, b) => b.value - a.value || a.order - b.order)
    .slice(0, size)
    .map(({ candidate }) => candidate);
}
