import { count } from '../text.ts';

/** What a brief came to, in a line: how many quotes answer, or that none does. */
export const quotesFound = (statements: number): string =>
  statements === 0
    ? 'Nothing was found in the documents that answers the question'
    : `${count(statements, 'quote')}, ${statements === 1 ? '' : 'each '}checked against the bytes of its document`;

/** What to do when nothing was found. */
export const NOTHING_FOUND =
  'The brief has no quotes. Ask in the words that the documents use, or over the folder that has the answer.';
