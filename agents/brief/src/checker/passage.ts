/** One stretch of a document as the checker sees it. Only stretches with a term of the question are kept. */
export interface Passage {
  /** Number of the document, in order of the corpus. */
  readonly document: number;
  /** Bytes [start, end) of the document. */
  readonly start: number;
  readonly end: number;
  readonly words: number;
  /** How often each term stands in it, by index of the term. */
  readonly counts: Uint8Array;
  /** Terms (one bit each) of the document's path and of the headings above. */
  readonly context: number;
}

/** The terms that were counted, one bit each. */
export function maskOf(counts: Uint8Array): number {
  let mask = 0;
  for (let term = 0; term < counts.length; term++) if (counts[term] !== 0) mask |= 1 << term;
  return mask;
}

/** What the scores rest on, gathered over the whole corpus. */
export interface CorpusStatistics {
  /** All passages, those without any term included. */
  readonly passages: number;
  readonly words: number;
  /** Passages that hold each term. */
  readonly holding: readonly number[];
}
