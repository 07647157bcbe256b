/** Single characters of white space, and the one range of them, U+2000 to U+200A. */
const SINGLE = new Set([
  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff,
]);

const isWhiteSpace = (code: number): boolean => SINGLE.has(code) || (code >= 0x2000 && code <= 0x200a);

export function withoutOuterSpace(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isWhiteSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isWhiteSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
