/** Whether a text may stand in an output as it is: some, well-formed, no control characters, not too many bytes. */
export function fits(text: string, bytesMax: number): boolean {
  if (text === '' || Buffer.byteLength(text, 'utf8') > bytesMax) return false;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0xd800 && code < 0xe000)) return false;
  }
  return true;
}

/** Order of texts by their bytes. */
export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The first 128 units of a text; what is no character in them replaced. */
export const beginning = (text: string): string => Buffer.from(text.substring(0, 128)).toString();

/** Text for a reason: short, and nothing in it that does not show. */
export const named = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
