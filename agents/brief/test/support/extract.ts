import { cidOf, fromUtf8, utf8 } from '@canswarm/protocol';
import type { Extract, SourceDocument } from '../../src/extract.ts';
import { sha256 } from './sha256.ts';

export function source(path: string, text: string): SourceDocument {
  const bytes = utf8(text);
  return { path, bytes, cid: cidOf(bytes, 'raw', sha256) };
}

/** The quotes an extractor picks, as text. Throws when a range is no text of its document. */
export async function quotesOf(
  extract: Extract,
  question: string,
  documents: readonly SourceDocument[],
  maxStatements = 12,
): Promise<string[]> {
  const { statements } = await extract({ question, maxStatements, documents });
  return statements.map(({ path, byteStart, byteEnd }) => {
    const bytes = documents.find((document) => document.path === path)?.bytes.subarray(byteStart, byteEnd);
    const quote = bytes === undefined ? undefined : fromUtf8(bytes);
    if (quote === undefined || quote === '') throw new Error(`no text at ${path} ${byteStart}..${byteEnd}`);
    return quote;
  });
}
