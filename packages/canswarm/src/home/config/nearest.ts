/** How many letters must be changed, added or left out to make one word of the other (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (const [at, other] of [...to].entries()) {
      const [above = 0, aboveRight = 0, left = 0] = [row[at], row[at + 1], next[at]];
      next.push(Math.min(above + (letter === other ? 0 : 1), aboveRight + 1, left + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** Longer words are not compared. */
const LENGTH_MAX = 64;

/** The word that somebody who wrote `text` most likely meant, or null when none is near. */
export function nearest(text: string, words: readonly string[]): string | null {
  if (text.length > LENGTH_MAX) return null;
  const plain = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, '');
  const ranked = words
    .map((word) => ({ word, far: distance(plain(text), plain(word)) }))
    .sort((left, right) => left.far - right.far);
  const [best] = ranked;
  return best !== undefined && best.far <= Math.max(1, Math.floor(plain(text).length / 3)) ? best.word : null;
}
