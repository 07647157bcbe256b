import type { Brief } from '../brief/read-brief.ts';
import { terminalText } from './escape.ts';

/** Longest quotation shown on a terminal, in UTF-16 units. */
const QUOTE_LENGTH_MAX = 400;

/** The brief for a terminal: plain lines, one quotation each with its place. Holds no control characters but line feeds. */
export function briefText(brief: Brief): string {
  const lines = brief.statements.flatMap(({ path, lineStart, quote }, rank) => {
    const words = terminalText(quote.slice(0, QUOTE_LENGTH_MAX).toWellFormed());
    const cut = quote.length > QUOTE_LENGTH_MAX ? ' …' : '';
    return [`${rank + 1}. ${words}${cut}`, `   ${terminalText(path)}:${lineStart}`];
  });
  const found = lines.length > 0 ? lines : ['Nothing in the documents answers this.'];
  return `${[terminalText(brief.report.question), '', ...found].join('\n')}\n`;
}
