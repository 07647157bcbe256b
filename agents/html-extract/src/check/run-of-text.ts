import { CELL_UNITS_MAX, NAME_UNITS_MAX } from '../rules.ts';

/** Text of a part of a document, white space in runs made one space; parts are joined in order. */
export interface TextRun {
  /** Without white space at its edges; only its beginning where it is too long for a cell. */
  readonly body: string;
  readonly isLong: boolean;
  /** White space before the body, and behind it; the same where there is no body. */
  readonly before: boolean;
  readonly behind: boolean;
}

export const NO_TEXT: TextRun = { body: '', isLong: false, before: false, behind: false };
export const GAP: TextRun = { body: '', isLong: false, before: true, behind: true };

const isSpace = (unit: number): boolean =>
  unit === 0x20 || unit === 0xa0 || unit === 0x09 || unit === 0x0a || unit === 0x0c || unit === 0x0d;

/** A text as a run. */
export function runOf(text: string): TextRun {
  const words: string[] = [];
  let from = -1;
  for (let at = 0; at <= text.length; at += 1) {
    const ends = at === text.length || isSpace(text.charCodeAt(at));
    if (ends && from !== -1) words.push(text.substring(from, at));
    if (ends) from = -1;
    else if (from === -1) from = at;
  }
  if (words.length === 0) return text === '' ? NO_TEXT : GAP;
  return bounded(words.join(' '), isSpace(text.charCodeAt(0)), isSpace(text.charCodeAt(text.length - 1)));
}

/** Two parts, one behind the other. */
export function join(left: TextRun, right: TextRun): TextRun {
  if (left.isLong) return { ...left, behind: right.behind };
  if (right.body === '')
    return left.body === '' ? (left.before ? left : right) : { ...left, behind: left.behind || right.behind };
  if (left.body === '') return { ...right, before: left.before || right.before };
  const between = left.behind || right.before ? ' ' : '';
  const joined = bounded(`${left.body}${between}${right.body}`, left.before, right.behind);
  return right.isLong ? { ...joined, isLong: true } : joined;
}

function bounded(body: string, before: boolean, behind: boolean): TextRun {
  const isLong = body.length > CELL_UNITS_MAX;
  return { body: isLong ? body.slice(0, NAME_UNITS_MAX) : body, isLong, before, behind };
}

/** The beginning of a run as a name. */
export const nameOf = ({ body }: TextRun): string => Buffer.from(body.substring(0, NAME_UNITS_MAX)).toString();
