import type { Style } from '../io.ts';
import { cut, widthOf } from '../text.ts';

/** A piece of a line, with or without a style. Its text is safe to print and has no styles of its own. */
export type Span = string | readonly [style: Style, text: string];
export type Line = readonly Span[];
export type Paint = (style: Style, text: string) => string;

const textOf = (span: Span): string => (typeof span === 'string' ? span : span[1]);

/** Cells that a line takes. */
export const cellsOf = (line: Line): number => line.reduce((sum, span) => sum + widthOf(textOf(span)), 0);

/** A line cut to a number of cells, then painted: a style is never cut in two. */
export function rendered(line: Line, columns: number, paint: Paint): string {
  const fits = cellsOf(line) <= columns;
  let left = columns;
  let text = '';
  for (const [at, span] of line.entries()) {
    const rest = cellsOf(line.slice(at + 1));
    const whole = textOf(span);
    // The mark that something was left out needs a cell after the last piece that is shown whole.
    const kept = fits || widthOf(whole) + (rest > 0 ? 1 : 0) <= left ? whole : cut(`${whole}…`, left);
    text += typeof span === 'string' ? kept : paint(span[0], kept);
    left -= widthOf(kept);
    if (left <= 0 || kept !== whole) break;
  }
  return text;
}

/** Items one after the other, on as many lines as they take; one that is too long alone stays whole, to be cut. */
export function flow(items: readonly Line[], columns: number, between = ', '): readonly Line[] {
  const lines: Line[] = [];
  let line: Line = [];
  for (const item of items) {
    const joined = line.length === 0 ? item : [...line, between, ...item];
    if (line.length > 0 && cellsOf(joined) + between.trimEnd().length > columns) {
      lines.push([...line, between.trimEnd()]);
      line = item;
    } else line = joined;
  }
  return line.length === 0 ? lines : [...lines, line];
}

/** A text on lines of whole words. */
export const wrapped = (text: string, columns: number): readonly string[] =>
  flow(
    text.split(' ').map((word) => [word]),
    columns,
    ' ',
  ).map((line) => line.map(textOf).join(''));

/** A share of a whole as a bar. */
export function bar(share: number, cells: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * cells);
  return `[${'#'.repeat(full)}${'.'.repeat(cells - full)}]`;
}

/** A period for people: `0.4 s`, `12 s`, `3 min 5 s`. */
export function period(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
