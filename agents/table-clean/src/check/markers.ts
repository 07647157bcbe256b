import type { Request } from './request.ts';

/**
 * Which markers stand for nothing in a column: all, unless its other cells are codes in capital letters, all of one length. Then a
 * marker that looks like them is one of them.
 */
export function markersFor(cells: readonly string[], { markers }: Request): readonly string[] {
  const lengths = new Set<number>();
  for (const cell of cells) if (cell !== '' && !markers.includes(cell)) lengths.add(capitals(cell));
  const [length, ...others] = lengths;
  if (length === undefined || length === 0 || others.length > 0) return markers;
  return markers.filter((marker) => capitals(marker) !== length);
}

/** How many characters a text of capital letters has; 0 for any other. */
function capitals(text: string): number {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x41 || code > 0x5a) return 0;
  }
  return text.length;
}
