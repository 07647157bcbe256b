import { scanInline } from './inline.ts';
import type { Scorable } from './score.ts';
import type { Terms } from './terms.ts';

/** Counts the terms of a quote as if it were one passage. `context`: terms of its path and headings, one bit each. */
export function measure(terms: Terms, bytes: Uint8Array, context: number): Scorable {
  const counts = new Uint8Array(terms.count);
  let words = 0;
  const hit = (term: number): void => {
    counts[term] = Math.min(255, (counts[term] ?? 0) + 1);
  };
  scanInline(bytes, 0, bytes.length, {
    word: (start, end, foreign) => {
      if (end - start < 2) return;
      words++;
      terms.match(bytes, start, end, foreign, hit);
    },
    part: (start, end) => terms.match(bytes, start, end, false, hit),
    compound: (start, end) => terms.matchCompound(bytes, start, end, hit),
  });
  return { words, counts, context };
}
