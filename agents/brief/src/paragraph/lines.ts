import type { Span } from './block.ts';

/** A line without its line end. `start` is its first character, `text` what stands from there. */
export interface Line extends Span {
  readonly text: string;
}

/** The lines of a text; LF and CRLF end a line. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start <= text.length) {
    const feed = text.indexOf('\n', start);
    const next = feed === -1 ? text.length : feed;
    const end = next > start && text.charCodeAt(next - 1) === 13 ? next - 1 : next;
    lines.push({ start, end, text: text.slice(start, end) });
    if (feed === -1) break;
    start = feed + 1;
  }
  return lines;
}
