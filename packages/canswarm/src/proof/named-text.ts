/** Longest result.json that is read before it is known what it must be, in bytes. */
export const RESULT_BYTES_MAX = 512 * 1024 * 1024;

const QUOTE = 0x22;
const SPACE = 0x20;
const TEXT_BYTES_MAX = 256;

/**
 * A short text that a result.json has under a name: the first time the name stands there as a key. Only a hint at what the result is
 * about, found without reading it as JSON: what it says is judged by comparing all its bytes. Undefined when there is none.
 */
export function namedText(result: Uint8Array, name: 'needId' | 'digest'): string | undefined {
  const bytes = Buffer.from(result.buffer, result.byteOffset, result.length);
  // Within a text of JSON a quotation mark is escaped, so a name in quotes before a colon is a key.
  const key = `"${name}":`;
  const at = bytes.indexOf(key);
  if (at === -1) return undefined;
  let start = at + key.length;
  while (bytes[start] === SPACE) start += 1;
  const end = bytes[start] === QUOTE ? bytes.indexOf(QUOTE, start + 1) : -1;
  return end === -1 || end - start > TEXT_BYTES_MAX ? undefined : bytes.toString('utf8', start + 1, end);
}
