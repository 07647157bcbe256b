import type { Cid } from '@canswarm/protocol';
import type { ExtractedStatement, SourceDocument } from '../../src/extract.ts';
import { extractSentences } from '../../src/sentence/index.ts';

export type Folder = Readonly<Record<string, string>>;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The extractor looks at no CID; any string serves. */
const ANY_CID = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy' as Cid;

export function documentsOf(folder: Folder): SourceDocument[] {
  return Object.entries(folder)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => ({ path, cid: ANY_CID, bytes: encoder.encode(text) }));
}

export async function ask(question: string, folder: Folder, maxStatements = 5): Promise<readonly ExtractedStatement[]> {
  const { statements } = await extractSentences({ question, maxStatements, documents: documentsOf(folder) });
  return statements;
}

/** The quotes, best first. Throws when a range cuts a character. */
export async function quotes(question: string, folder: Folder, maxStatements = 5): Promise<readonly string[]> {
  const statements = await ask(question, folder, maxStatements);
  return statements.map((statement) => quoteOf(statement, folder));
}

export function quoteOf({ path, byteStart, byteEnd }: ExtractedStatement, folder: Folder): string {
  return decoder.decode(encoder.encode(folder[path] ?? '').subarray(byteStart, byteEnd));
}
