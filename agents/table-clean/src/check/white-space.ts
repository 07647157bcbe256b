/** Single characters of white space, and the one range of them, U+2000 to U+200A. */
const SINGLE = new Set([
  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff,
]);

const isWhiteSpace = (code: number): boolean => SINGLE.has(code) || (code >= 0x2000 && code <= 0x200a);

/** Bounds of a text without the white space around it. */
function bounds(text: string): readonly [start: number, end: number] {
  let [start, end] = [0, text.length];
  while (start < end && isWhiteSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isWhiteSpace(text.charCodeAt(end - 1))) end -= 1;
  return [start, end];
}

export function withoutOuterSpace(text: string): string {
  const [start, end] = bounds(text);
  return text.slice(start, end);
}

/** Each run of white space that has text before and after it as one space. */
export function withSingleSpaces(text: string): string {
  const [start, end] = bounds(text);
  const words: string[] = [];
  let from = start;
  for (let at = start; at < end; at++) {
    if (!isWhiteSpace(text.charCodeAt(at))) continue;
    words.push(text.slice(from, at));
    while (isWhiteSpace(text.charCodeAt(at + 1))) at += 1;
    from = at + 1;
  }
  return words.length === 0
    ? text
    : text.slice(0, start) + [...words, text.slice(from, end)].join(' ') + text.slice(end);
}
