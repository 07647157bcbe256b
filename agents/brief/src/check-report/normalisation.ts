import { APOSTROPHES, DASHES, QUOTATION_MARKS, SHAPELESS } from './characters.ts';
import type { Normalisation } from './types.ts';

/** What is compared: the report's words, and the passage as written and as read. */
export interface Compared {
  readonly written: string;
  readonly stands: string;
  readonly standsAsRead: string;
}

/** Foldings of one text, in the order applied. Every one takes time linear in the text. */
const FOLDINGS: readonly (readonly [Normalisation, (text: string) => string])[] = [
  ['ellipsis', (text) => text.replace(/…/g, '...').replace(/\.{3,}/g, '...')],
  ['quotation_marks', (text) => text.replace(QUOTATION_MARKS, '"').replace(APOSTROPHES, '"')],
  ['dashes', (text) => text.replace(DASHES, '-').replace(/-+/g, '-')],
  [
    'characters',
    (text) => text.replace(SHAPELESS, '').replace(/[\p{L}\p{N}\p{M}]+/gu, (word) => word.normalize('NFKC')),
  ],
  ['end_punctuation', withoutEndMarks],
  [
    'white_space',
    (text) =>
      text
        .replace(/\s+/g, ' ')
        .replace(/(?<![\p{L}\p{N}_]) | (?![\p{L}\p{N}_])/gu, '')
        .trim(),
  ],
];

const START_MARKS = /[\s"“”„‟«»'’‘]/;
const END_MARKS = /[\s.,;:"“”„‟«»'’‘]/;

function withoutEndMarks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && START_MARKS.test(text[start] ?? '')) start += 1;
  while (end > start && END_MARKS.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(start, end);
}

/**
 * Which normalisations the equality of two texts rests on: those without which the rest do not make them equal. The order of the
 * result is fixed. For texts that are equal as written it is empty.
 */
export function normalisationsBetween({ written, stands, standsAsRead }: Compared): readonly Normalisation[] {
  if (written === stands) return [];
  const asWritten = folded(written, null) === folded(stands, null);
  const passage = asWritten ? stands : standsAsRead;
  const needed: Normalisation[] = asWritten ? [] : ['markup'];
  for (const [kind] of FOLDINGS) if (folded(written, kind) !== folded(passage, kind)) needed.push(kind);
  return needed;
}

/** All foldings but one. */
function folded(text: string, without: Normalisation | null): string {
  let result = text;
  for (const [kind, fold] of FOLDINGS) if (kind !== without) result = fold(result);
  return result;
}
