import type { Ranked } from './rank.ts';
import { wordsOf } from './words.ts';

/** What the choice needs to know of a passage besides its score. */
export interface Choosable {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const SHINGLE_WORDS = 3;
/** Passages that share this part of the smaller one's shingles say the same. */
const SAME_SHARE = 0.7;
/** Each passage already taken from a document lowers the score of its next one, so that other documents get a word in. */
const SAME_DOCUMENT_FACTOR = 0.97;
/** Passages that score below this part of the best are not worth a reader's time. */
const WORTH_SHARE = 0.1;
/** Passages looked at for each one wanted: of all documents, and of one. */
const LOOKED_AT_FACTOR = 40;
const DOCUMENT_FACTOR = 4;

/**
 * Chooses the passages to quote, best first: none that overlaps another or says what another says (licences and security notes
 * repeat in hundreds of packages), spread over documents where scores are close.
 */
export function choose<P extends Choosable>(passages: readonly P[], ranked: readonly Ranked[], wanted: number): P[] {
  const open = candidates(passages, ranked, wanted);
  const chosen: { passage: P; shingles: ReadonlySet<string> }[] = [];
  const taken = new Map<string, number>();
  while (chosen.length < wanted) {
    const best = takeBest(open, taken);
    if (best === undefined) break;
    const shingles = shinglesOf(best.text);
    if (chosen.some((other) => overlap(other.passage, best) || sameWords(other.shingles, shingles))) continue;
    chosen.push({ passage: best, shingles });
    taken.set(best.path, (taken.get(best.path) ?? 0) + 1);
  }
  return chosen.map(({ passage }) => passage);
}

interface Candidate<P> {
  readonly passage: P;
  readonly score: number;
}

/** The passages that may be chosen. No document can crowd out the others, however often it repeats the question's words. */
function candidates<P extends Choosable>(
  passages: readonly P[],
  ranked: readonly Ranked[],
  wanted: number,
): Candidate<P>[] {
  const worth = (ranked[0]?.score ?? 0) * WORTH_SHARE;
  const found: Candidate<P>[] = [];
  const said = new Set<string>();
  const perDocument = new Map<string, number>();
  for (const { index, score } of ranked) {
    const passage = passages[index];
    if (score < worth || found.length >= wanted * LOOKED_AT_FACTOR) break;
    if (passage === undefined) continue;
    const fromDocument = perDocument.get(passage.path) ?? 0;
    if (fromDocument >= wanted * DOCUMENT_FACTOR) continue;
    const words = wordsOf(passage.text.toLowerCase()).join(' ');
    if (said.has(words)) continue;
    said.add(words);
    perDocument.set(passage.path, fromDocument + 1);
    found.push({ passage, score });
  }
  return found;
}

function takeBest<P extends Choosable>(
  open: { passage: P; score: number }[],
  taken: ReadonlyMap<string, number>,
): P | undefined {
  let best = -1;
  let bestScore = 0;
  open.forEach(({ passage, score }, index) => {
    const lowered = score * SAME_DOCUMENT_FACTOR ** (taken.get(passage.path) ?? 0);
    if (lowered > bestScore) {
      best = index;
      bestScore = lowered;
    }
  });
  return best === -1 ? undefined : open.splice(best, 1)[0]?.passage;
}

const overlap = (a: Choosable, b: Choosable): boolean => a.path === b.path && a.start < b.end && b.start < a.end;

/** Runs of three words, without regard to case or punctuation; a shorter text is one run. */
function shinglesOf(text: string): ReadonlySet<string> {
  const words = wordsOf(text.toLowerCase());
  const shingles = new Set<string>();
  const last = Math.max(0, words.length - SHINGLE_WORDS);
  for (let index = 0; index <= last; index++) shingles.add(words.slice(index, index + SHINGLE_WORDS).join(' '));
  return shingles;
}

function sameWords(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const shingle of small) if (large.has(shingle)) shared++;
  return shared >= small.size * SAME_SHARE;
}
