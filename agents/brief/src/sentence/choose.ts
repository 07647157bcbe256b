import { saysTheSame, shinglesOf } from './duplicates.ts';
import type { RankedPassage } from './rank.ts';

/**
 * Takes the best passages in order, leaving out what overlaps a better one and what says the same as a better one (texts that
 * many packages share), be it to the reader or, read as another kind of document, in the same characters.
 */
export function choose(ranked: readonly RankedPassage[], count: number): readonly RankedPassage[] {
  const taken = new Set<string>();
  const chosen: { readonly passage: RankedPassage; readonly shingles: ReadonlySet<number> }[] = [];
  for (const passage of ranked) {
    if (chosen.length >= count) break;
    if (chosen.some(({ passage: better }) => overlaps(better, passage))) continue;
    const written = passage.written.trim().toLowerCase().replace(/\s+/g, ' ');
    if (taken.has(written)) continue;
    const shingles = shinglesOf(passage.text);
    if (chosen.some((better) => saysTheSame(better.shingles, shingles))) continue;
    taken.add(written);
    chosen.push({ passage, shingles });
  }
  return chosen.map(({ passage }) => passage);
}

function overlaps(a: RankedPassage, b: RankedPassage): boolean {
  return a.document === b.document && a.start < b.end && b.start < a.end;
}
