import {
  type BuiltRecord,
  buildRecord,
  type Cid,
  cidOf,
  fromUtf8,
  linkOf,
  type Sha256,
  utf8,
} from '@canswarm/protocol';
import type { ExtractedStatement, SourceDocument } from '../extract.ts';

/** What a worker claims of one document: that these words stand at this place. Nothing here is checked. */
export interface Claim {
  readonly path: string;
  readonly document: Cid;
  readonly byteStart: number;
  readonly byteEnd: number;
  readonly quote: string;
  /** Lines of the first and last byte, counted from 1. */
  readonly lineStart: number;
  readonly lineEnd: number;
}

/** Finds a document by path. */
export type FindDocument = (path: string) => Promise<SourceDocument | undefined>;

/** The claims that extracted statements make: true by construction. Throws when a statement is not one of these documents'. */
export async function claimsOf(statements: readonly ExtractedStatement[], find: FindDocument): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (const { path, byteStart, byteEnd } of statements) {
    const document = await find(path);
    if (document === undefined)
      throw new Error(`an extractor cited ${JSON.stringify(path)}, which is not among the documents`);
    claims.push(claimAt(document, byteStart, byteEnd));
  }
  return claims;
}

/** The true claim of the bytes [byteStart, byteEnd). Throws when they are not whole characters of the document. */
export function claimAt(document: SourceDocument, byteStart: number, byteEnd: number): Claim {
  const { path, cid, bytes } = document;
  const inside = Number.isInteger(byteStart) && byteStart >= 0 && byteStart < byteEnd && byteEnd <= bytes.length;
  const quote = inside ? fromUtf8(bytes.subarray(byteStart, byteEnd)) : undefined;
  if (quote === undefined)
    throw new RangeError(`bytes ${byteStart} to ${byteEnd} are no text of ${JSON.stringify(path)}`);
  const lines = linesAt(bytes, byteStart, byteEnd);
  return { path, document: cid, byteStart, byteEnd, quote, ...lines };
}

/** Lines of the first and the last byte of [byteStart, byteEnd), counted from 1. Line feeds end lines. */
function linesAt(bytes: Uint8Array, byteStart: number, byteEnd: number): { lineStart: number; lineEnd: number } {
  const lineStart = 1 + lineFeeds(bytes, 0, byteStart);
  return { lineStart, lineEnd: lineStart + lineFeeds(bytes, byteStart, Math.max(byteStart, byteEnd - 1)) };
}

function lineFeeds(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(10, from); at !== -1 && at < to; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

/** The statement record of a claim about the first input (`spec/08-artifacts.md`, citations). */
export function statementRecord(claim: Claim, sha256: Sha256): BuiltRecord {
  const { path, document, byteStart, byteEnd, quote, lineStart, lineEnd } = claim;
  const digest = sha256(utf8(quote));
  return buildRecord(
    { input: 0, path, document: linkOf(document), byteStart, byteEnd, quote, sha256: digest, lineStart, lineEnd },
    sha256,
  );
}

/** A document link for words claimed of a path that names no document: the CID of the words themselves. */
export const cidOfWords = (quote: string, sha256: Sha256): Cid => cidOf(utf8(quote), 'raw', sha256);
