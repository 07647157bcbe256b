import { equalBytes, QUOTE_BYTES_MAX, type Sha256, TREE_KEY_BYTES_MAX, utf8 } from '@canswarm/protocol';
import { type Claim, cidOfWords, claimAt } from '../brief/claim.ts';
import type { SourceDocument } from '../extract.ts';
import type { ClaimedQuote } from './answers.ts';

const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** Characters that mean something in a pattern. */
const SYNTAX = /[\\^$.*+?()[\]{}|]/g;
/** Quotation marks and apostrophes that writers exchange for each other. */
const QUOTES = '\'"`´‘’‚“”„«»';

/**
 * Makes the claim that a program's quotation stands for. Where the words are found in the document, the claim is of the bytes
 * there: at the offset given, else at the first place, else where they stand with other white space or typographic quotes.
 * Words that are not found are claimed as the program claims them: whoever invents a quotation stands by it.
 */
export function locate(claimed: ClaimedQuote, document: SourceDocument | undefined, sha256: Sha256): Claim {
  const found = document === undefined ? undefined : (exactly(claimed, document) ?? loosely(claimed, document));
  if (document !== undefined && found !== undefined) {
    return claimAt(document, found.start, cutAt(document.bytes, found.start, found.end));
  }
  const bytes = utf8(claimed.quote);
  const quote = utf8Decoder.decode(bytes.subarray(0, cutAt(bytes, 0, bytes.length)));
  const byteStart = claimed.byteStart ?? 0;
  return {
    path: shortened(claimed.path),
    document: document?.cid ?? cidOfWords(quote, sha256),
    byteStart,
    byteEnd: byteStart + utf8(quote).length,
    quote,
    lineStart: 1,
    lineEnd: 1,
  };
}

interface Place {
  readonly start: number;
  readonly end: number;
}

function exactly({ quote, byteStart }: ClaimedQuote, { bytes }: SourceDocument): Place | undefined {
  const words = utf8(quote);
  if (byteStart !== undefined && equalBytes(bytes.subarray(byteStart, byteStart + words.length), words)) {
    return { start: byteStart, end: byteStart + words.length };
  }
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(words);
  return start === -1 ? undefined : { start, end: start + words.length };
}

/** Any white space stands for any other, any quotation mark for any other. */
function loosely({ quote }: ClaimedQuote, { bytes }: SourceDocument): Place | undefined {
  const words = quote.trim().split(/\s+/).map(loosePattern);
  if (words.length < 2 && words[0] === '') return undefined;
  const text = utf8Decoder.decode(bytes);
  const match = new RegExp(words.join('\\s+')).exec(text);
  if (match === null) return undefined;
  const start = utf8(text.slice(0, match.index)).length;
  return { start, end: start + utf8(match[0]).length };
}

function loosePattern(word: string): string {
  return [...word]
    .map((character) => (QUOTES.includes(character) ? `[${QUOTES}]` : character.replace(SYNTAX, '\\$&')))
    .join('');
}

/** The end of the longest text from `start` that a quotation may hold: whole characters only. */
function cutAt(bytes: Uint8Array, start: number, end: number): number {
  let cut = Math.min(end, start + QUOTE_BYTES_MAX);
  while (cut < end && cut > start && ((bytes[cut] ?? 0) & 0xc0) === 0x80) cut--;
  return cut;
}

function shortened(path: string): string {
  const bytes = utf8(path);
  return utf8Decoder.decode(bytes.subarray(0, TREE_KEY_BYTES_MAX)).replace(/\uFFFD+$/u, '');
}
