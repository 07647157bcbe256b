import type { TextRange } from '../../sentence/document/reading.ts';

interface Opener {
  readonly mark: string;
  /** Index after the mark. */
  readonly start: number;
}

/** What one block's marks enclose. */
export interface Enclosed {
  /** Insides of closed pairs, in the order of their closing marks. */
  readonly ranges: readonly TextRange[];
  /** Where an unclosed typographic mark opened, if the block ends inside it. */
  readonly openFrom: number | null;
  /** The mark that opened there. */
  readonly openMark: string | null;
}

/** Unclosed marks remembered; older ones are given up. */
const DEPTH_MAX = 16;
const MARKS = /["'“”„‟«»‹›‘’‚]/g;
const JOINS = '\u00ad';

/** Marks that can open, with the marks that close them. Which of two roles a mark plays, its neighbours tell. */
const CLOSERS: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['“', '”'],
  ['„', '“”'],
  ['‟', '”'],
  ['”', '”'],
  ['«', '»'],
  ['»', '«'],
  ['‹', '›'],
  ['›', '‹'],
  ['‘', '’'],
  ['‚', '‘’'],
]);

/** Marks that open wherever they are not closing. */
const ALWAYS_OPEN = '“„‟«‹';
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const OPENS_AFTER = /[\s([{<«‹“„‘‚"'—–\-/:;,=*_>|]/;

/** Pairs the quotation marks of `text[start, end)` by one scan with a stack; what is left unbalanced encloses nothing. */
export function enclosedBy(text: string, start: number, end: number): Enclosed {
  const ranges: TextRange[] = [];
  let stack: Opener[] = [];
  const inside = text.slice(start, end);
  const lastSingle = lastCertainCloser(inside);
  for (const { 0: mark, index } of inside.matchAll(MARKS)) {
    const around = neighbours(inside, index);
    const possessive = mark === "'" && index < lastSingle && isPossessive(around);
    const closer = !possessive && closes(mark, around);
    const closing = closer ? stack.findLastIndex((other) => CLOSERS.get(other.mark)?.includes(mark)) : -1;
    const opener = stack[closing];
    if (opener !== undefined) {
      ranges.push({ start: start + opener.start, end: start + index });
      stack = stack.slice(0, closing);
    } else if (opens(mark, around)) {
      if (mark === '"' || mark === "'") stack = stack.filter((other) => other.mark !== mark);
      stack.push({ mark, start: index + 1 });
    }
    if (stack.length > DEPTH_MAX) stack = stack.slice(-DEPTH_MAX);
  }
  const open = stack.find(({ mark }) => ALWAYS_OPEN.includes(mark));
  return { ranges, openFrom: open === undefined ? null : start + open.start, openMark: open?.mark ?? null };
}

interface Neighbours {
  /** The character before and after the mark, or a space at the edge of the block. */
  readonly before: string;
  readonly after: string;
}

function neighbours(text: string, index: number): Neighbours {
  let before = index - 1;
  while (text[before] === JOINS) before -= 1;
  let after = index + 1;
  while (text[after] === JOINS) after += 1;
  return { before: text[before] ?? ' ', after: text[after] ?? ' ' };
}

function opens(mark: string, { before, after }: Neighbours): boolean {
  if (ALWAYS_OPEN.includes(mark)) return true;
  if (/\s/.test(after) || !OPENS_AFTER.test(before)) return false;
  return mark !== "'" || /\p{L}/u.test(after);
}

function closes(mark: string, { before, after }: Neighbours): boolean {
  if (mark === '»' || mark === '›' || mark === '«' || mark === '‹') return true;
  if (mark === '”' || mark === '“') return true;
  if (/\s/.test(before)) return false;
  return !LETTER_OR_DIGIT.test(after);
}

/** `the workers' lease`: closes only where no better mark follows. */
const isPossessive = ({ before, after }: Neighbours): boolean => before === 's' && /\s/.test(after);

/** The last straight single mark that can close and is no possessive, or -1. */
function lastCertainCloser(text: string): number {
  for (let index = text.lastIndexOf("'"); index > 0; index = text.lastIndexOf("'", index - 1)) {
    const around = neighbours(text, index);
    if (closes("'", around) && !isPossessive(around)) return index;
  }
  return -1;
}
