import type { Delimiter } from '../table.ts';

/**
 * The record (from 1) of the first quoted field that does not end, or that ends before something but a delimiter or line end; null when
 * there is none. A quotation mark within a field that does not begin with one is text.
 */
export function unsoundQuotes(text: string, delimiter: Delimiter): number | null {
  const breaks = new RegExp(delimiter === '|' ? '[|\r\n]' : `[${delimiter}\r\n]`, 'g');
  let row = 1;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') {
      const closing = closingQuote(text, at);
      if (closing === -1) return row;
      breaks.lastIndex = closing + 1;
    } else breaks.lastIndex = at;
    const start = breaks.lastIndex;
    const end = breaks.exec(text)?.index ?? text.length;
    if (text[at] === '"' && end !== start) return row;
    at = end;
    if (text[at] === '\r' && text[at + 1] === '\n') at += 1;
    if (text[at] === '\n' || text[at] === '\r') row += 1;
  }
  return null;
}

/** Where the quoted field that begins here has its closing quotation mark, or -1. */
function closingQuote(text: string, opening: number): number {
  let at = text.indexOf('"', opening + 1);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}
