import type { Block, Reading } from './document/reading.ts';
import type { Passage } from './passages.ts';
import type { Question } from './question.ts';
import { eachWord } from './words.ts';

/** Where the question's terms stand in a passage, in order. */
export interface PassageTerms {
  readonly hits: readonly number[];
  /** For each hit the place of its word among the passage's words. */
  readonly places: readonly number[];
  readonly words: number;
}

export function termsIn(question: Question, reading: Reading, passage: Passage): PassageTerms {
  const hits: number[] = [];
  const places: number[] = [];
  let place = 0;
  const words = eachWord(reading.visible, passage.start, Math.min(passage.end, passage.countedEnd), (word) => {
    for (const term of question.match(word)) {
      hits.push(term);
      places.push(place);
    }
    place += 1;
    return undefined;
  });
  return { hits, places, words };
}

/**
 * How close the question's terms stand together, 0 to 1: the number of distinct terms over the shortest stretch of words that
 * holds them all. 0 when there is only one.
 */
export function closeness({ hits, places }: PassageTerms): number {
  const distinct = new Set(hits).size;
  if (distinct < 2) return 0;
  const counts = new Map<number, number>();
  let shortest = Number.POSITIVE_INFINITY;
  let left = 0;
  for (const [right, term] of hits.entries()) {
    counts.set(term, (counts.get(term) ?? 0) + 1);
    while (counts.size === distinct) {
      shortest = Math.min(shortest, (places[right] ?? 0) - (places[left] ?? 0) + 1);
      const leaving = hits[left] ?? -1;
      const rest = (counts.get(leaving) ?? 1) - 1;
      if (rest === 0) counts.delete(leaving);
      else counts.set(leaving, rest);
      left += 1;
    }
  }
  return Math.min(1, distinct / shortest);
}

const DIRECTION =
  /(?:^|[.;:!?]\s+|\bplease\s+|\byou\s+(?:can|should|must|may|need\s+to|have\s+to)\s+|\bto\s+)(?:add|call|change|check|choose|clone|configure|contact|create|disable|download|e-?mail|enable|ensure|export|follow|go|import|include|install|invoke|load|make|open|pass|post|provide|put|reach|read|register|report|run|select|send|set|specify|submit|turn|type|use|visit|wrap|write)\b/i;
const PURPOSE = /(?:^|[.;:!?]\s+)(?:(?:in order )?to|when|if you (?:want|need|would like|wish) to|for)\s+([\w-]+)/i;
const POINTER =
  /^(?:for (?:more |further |additional )?(?:information|details)|see|refer to|read|more (?:on|about))\b/i;
const ADDRESS = /https?:\/\/|\bmailto:|[\w.+-]+@[\w-]+\.\w/;
const ASKS = /\?[\s"'”’)*]*$/;
const HISTORY_PATH = /(?:^|\/)(?:change-?log|changes|history|releases?(?:[-_ ]notes)?|news)[^/]*$/i;
const HISTORY_TERM = /^(?:chang|releas|vers|histor|new|fix|introduc|add|upgrad|migrat)/;
const LEGAL_PATH = /(?:^|\/)(?:licen[cs]e|notice|copying|third-?party[^/]*)[^/]*$/i;
const LEGAL_TERM = /^(?:licens|copyright|permi|legal|warrant|redistribut|notic|attribut|liabl|author)/;
const RELATED =
  /^(?:related|see also|similar|links|resources|sponsors?|table of contents|contents|toc|credits|contributors)\b/i;
/** A whole block up to this length is better quoted whole. */
const SHORT_LENGTH_MAX = 450;
const COMMIT = /\b[0-9a-f]{7,40}\b/;

/** Where a passage stands. */
export interface Place {
  readonly path: string;
  readonly reading: Reading;
  /** The nearest heading as read. */
  readonly heading: string | undefined;
}

/** A factor for how likely this sort of passage is an answer: around 1; less for change logs, licences, contents and fragments. */
export function fitness(question: Question, place: Place, passage: Passage, terms: PassageTerms): number {
  const { path, reading, heading } = place;
  const source = reading.source.slice(passage.start, passage.end);
  const text = reading.visible.slice(passage.start, passage.end).replaceAll('\u00ad', '').replace(/\s+/g, ' ').trim();
  let factor = 1;
  if (HISTORY_PATH.test(path) && !question.terms.some((term) => HISTORY_TERM.test(term))) factor *= 0.5;
  if (LEGAL_PATH.test(path) && !question.terms.some((term) => LEGAL_TERM.test(term))) factor *= 0.4;
  if (/^\[[^\]]*\]\(#[^)]*\)$/.test(source.trim())) factor *= 0.3;
  if (COMMIT.test(text)) factor *= 0.7;
  if (ASKS.test(text)) factor *= 0.6;
  if (RELATED.test(heading ?? '')) factor *= 0.6;
  if (text.length * 2 < source.length) factor *= 0.7;
  if (passage.whole && source.length <= SHORT_LENGTH_MAX) factor *= 1.1;
  if (terms.words < 4) factor *= 0.5;
  else if (terms.words < 8) factor *= 0.85;
  if (terms.words > 110) factor *= 0.85;
  if (passage.kind === 'code') factor *= 0.65;
  if (passage.kind === 'list') factor *= 0.85;
  if (passage.kind === 'row') factor *= 0.8;
  if (question.howTo) factor *= howToFactor(question, passage, text, source);
  return factor;
}

/** A way to do something is told by directions ("To report ..., please use ..."), not by pointing elsewhere. */
function howToFactor(question: Question, passage: Passage, text: string, source: string): number {
  const directs = DIRECTION.test(text) ? 1.15 : 1;
  const shows = passage.kind === 'introduction' ? 1.1 : 1;
  const purpose = PURPOSE.exec(text)?.[1];
  const answers = purpose !== undefined && question.match(purpose).length > 0 ? 1.15 : 1;
  const points = POINTER.test(text) ? 0.85 : 1;
  return directs * shows * answers * points * (ADDRESS.test(source) ? 1.05 : 1);
}

/** The nearest heading of a block as a reader sees it, or `undefined`. */
export function headingText(reading: Reading, heading: Block | undefined): string | undefined {
  if (heading === undefined) return undefined;
  const text = reading.visible.slice(heading.start, heading.end).replaceAll('\u00ad', '').replace(/\s+/g, ' ').trim();
  return text === '' ? undefined : text;
}
