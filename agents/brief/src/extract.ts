import type { Cid } from '@canswarm/protocol';

/** One document as an extractor sees it: where it stands in the folder, its CID and its exact bytes (valid UTF-8). */
export interface SourceDocument {
  /** Path inside the folder: relative, `/` between the parts. */
  readonly path: string;
  readonly cid: Cid;
  readonly bytes: Uint8Array;
}

/** What an extractor is asked. Documents come in path order; they may be read once, as a stream. */
export interface ExtractInput {
  readonly question: string;
  /** At most so many statements are wanted (>= 1). */
  readonly maxStatements: number;
  readonly documents: AsyncIterable<SourceDocument> | readonly SourceDocument[];
}

/**
 * One statement: the bytes `[byteStart, byteEnd)` of the document at `path`. Both ends lie on UTF-8 character boundaries and
 * the range is 1 to `QUOTE_BYTES_MAX` bytes long, so the quote is exactly what stands in the source, markup included.
 */
export interface ExtractedStatement {
  readonly path: string;
  readonly byteStart: number;
  readonly byteEnd: number;
}

export interface ExtractResult {
  /** Best first; no two overlap, no two say the same words. */
  readonly statements: readonly ExtractedStatement[];
}

/**
 * An extractor: picks the passages that answer the question best. Must be deterministic: the same question and documents
 * give the same statements in the same order.
 */
export type Extract = (input: ExtractInput) => Promise<ExtractResult>;

/** Longest quote a statement may hold, in bytes of UTF-8 (`spec/08-artifacts.md`). */
export { QUOTE_BYTES_MAX } from '@canswarm/protocol';
