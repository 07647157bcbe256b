import { DELIMITERS, type Delimiter } from '../table.ts';

/** The delimiter that stands most often in the first record outside of quotation marks. */
export function guessDelimiter(text: string): Delimiter {
  const counts = DELIMITERS.map(() => 0);
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted) {
      if (character === '\n' || character === '\r') break;
      const index = DELIMITERS.indexOf(character as Delimiter);
      if (index !== -1) counts[index] = (counts[index] ?? 0) + 1;
    }
  }
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}
