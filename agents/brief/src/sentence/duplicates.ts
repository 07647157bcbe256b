import { eachWord } from './words.ts';

const SHINGLE_WORDS = 3;
/** Share of the shorter text's shingles that the other holds too. */
const SAME_SHARE = 0.6;

/** The set of a text's runs of three words (of all its words, when it has fewer), hashed; case and markup count for nothing. */
export function shinglesOf(text: string): ReadonlySet<number> {
  const hashes: number[] = [];
  eachWord(text, 0, text.length, (word) => {
    let hash = 0x811c9dc5;
    for (const character of word.toLowerCase().replaceAll('\u00ad', '')) {
      hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
    }
    hashes.push(hash);
    return undefined;
  });
  const shingles = new Set<number>();
  const width = Math.min(SHINGLE_WORDS, hashes.length);
  for (let index = 0; width > 0 && index + width <= hashes.length; index += 1) {
    let hash = width;
    for (const word of hashes.slice(index, index + width)) hash = Math.imul(hash ^ word, 0x9e3779b1) ^ (word >>> 15);
    shingles.add(hash);
  }
  return shingles;
}

/** Whether one text says hardly anything that the other does not. Texts without words are never the same. */
export function saysTheSame(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a];
  if (few.size === 0) return false;
  let shared = 0;
  for (const shingle of few) if (many.has(shingle)) shared += 1;
  return shared / few.size >= SAME_SHARE;
}

/**
 * A key that blocks of the same words share, and blocks of nearly the same words probably do: the least of all shingles, in two
 * orders of them.
 */
export function wordingOf(text: string): string {
  let least = 0xffffffff;
  let leastOtherwise = 0xffffffff;
  for (const shingle of shinglesOf(text)) {
    least = Math.min(least, Math.imul(shingle ^ (shingle >>> 16), 0x85ebca6b) >>> 0);
    leastOtherwise = Math.min(leastOtherwise, Math.imul(shingle ^ (shingle >>> 13), 0xc2b2ae35) >>> 0);
  }
  return `${least}/${leastOtherwise}`;
}
