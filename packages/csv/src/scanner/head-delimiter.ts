import type { Delimiter } from '../table.ts';

/** The delimiter of the first record: outside of quotation marks none stands there more often; of equals `,` then `;` tab and `|`. */
export function headDelimiter(text: string): Delimiter {
  let best: Delimiter = ',';
  let most = count(text, best);
  for (const one of [';', '\t', '|'] as const) {
    const times = count(text, one);
    if (times > most) [best, most] = [one, times];
  }
  return best;
}

/** How often a character stands outside of quotation marks before the first line end that does. */
function count(text: string, wanted: Delimiter): number {
  let times = 0;
  let inside = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) inside ^= 1;
    if (inside === 1) continue;
    if (code === 0x0a || code === 0x0d) return times;
    if (code === wanted.charCodeAt(0)) times += 1;
  }
  return times;
}
