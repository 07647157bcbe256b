/** A quotation as a program claims it. */
export interface ClaimedQuote {
  readonly path: string;
  readonly quote: string;
  /** Where it is said to begin, in bytes of the document. */
  readonly byteStart?: number;
}

/** More than this of one program are not looked at. */
const CLAIMS_MAX = 256;

/**
 * Reads a program's answer: JSON, a list of `{ path, quote, byteStart? }` or `{ "statements": [...] }`. Throws a SyntaxError
 * that says what is wrong with it.
 */
export function parseAnswers(output: Uint8Array): ClaimedQuote[] {
  const value = parseJson(output);
  const list = isRecord(value) ? value['statements'] : value;
  if (!Array.isArray(list)) throw new SyntaxError('the program must write a JSON list, or an object with "statements"');
  return list.slice(0, CLAIMS_MAX).map((item: unknown, index) => claimedQuote(item, index));
}

function parseJson(output: Uint8Array): unknown {
  const text = new TextDecoder().decode(output);
  if (text.trim() === '') throw new SyntaxError('the program wrote nothing to standard output');
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError('the program did not write JSON to standard output');
  }
}

function claimedQuote(item: unknown, index: number): ClaimedQuote {
  const path = isRecord(item) ? item['path'] : undefined;
  const quote = isRecord(item) ? item['quote'] : undefined;
  const byteStart = isRecord(item) ? item['byteStart'] : undefined;
  if (typeof path !== 'string' || path === '' || typeof quote !== 'string' || quote === '') {
    throw new SyntaxError(`statement ${index} of the program needs the texts "path" and "quote"`);
  }
  const claimed = { path: path.replace(/^\.\//, '').toWellFormed(), quote: quote.toWellFormed() };
  const isOffset = typeof byteStart === 'number' && Number.isSafeInteger(byteStart) && byteStart >= 0;
  return isOffset ? { ...claimed, byteStart } : claimed;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
