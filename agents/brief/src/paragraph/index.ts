import type { Extract, ExtractedStatement, SourceDocument } from '../extract.ts';
import type { Block } from './block.ts';
import { choose } from './choose.ts';
import { parseHtml } from './html.ts';
import { passagesOf } from './passages.ts';
import { parseProse } from './prose.ts';
import { parseQuestion } from './question.ts';
import { rank } from './rank.ts';

/** A passage of one document that may be quoted. */
interface Passage extends Block {
  readonly path: string;
  /** The whole document's text: `start` and `end` count its UTF-16 units. */
  readonly source: string;
}

// A byte order mark stays in the text as one character, so that offsets count it as the source does.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Names without an extension whose files are laid out by hand; the others are mostly Markdown. */
const LEGAL_NAMES: ReadonlySet<string> = new Set(['license', 'notice', 'authors']);

/**
 * The paragraph engine: cuts documents into blocks as a reader sees them, ranks them by BM25 (MiniSearch) and quotes the best,
 * each only once. Rejects with a TypeError when a document is not UTF-8.
 */
export const extractParagraphs: Extract = async ({ question, maxStatements, documents }) => {
  const query = parseQuestion(question);
  const passages: Passage[] = [];
  for await (const document of documents) {
    const source = utf8.decode(document.bytes);
    const blocks = parseDocument(document, source);
    for (const block of passagesOf(source, blocks, query.wantsCode))
      passages.push({ ...block, path: document.path, source });
  }
  const chosen = choose(passages, rank(passages, query), maxStatements);
  return { statements: chosen.map(toStatement) };
};

function parseDocument(document: SourceDocument, source: string): Block[] {
  const name = document.path.slice(document.path.lastIndexOf('/') + 1).toLowerCase();
  const extension = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : '';
  switch (extension) {
    case 'html':
    case 'htm':
      return parseHtml(source);
    case 'md':
    case 'markdown':
    case 'mdx':
      return parseProse(source, 'markdown');
    case 'adoc':
      return parseProse(source, 'asciidoc');
    default:
      return parseProse(source, extension === '' && !LEGAL_NAMES.has(name) ? 'markdown' : 'plain');
  }
}

function toStatement(passage: Passage): ExtractedStatement {
  const { path, source, start, end } = passage;
  const byteStart = encoder.encode(source.slice(0, start)).length;
  return { path, byteStart, byteEnd: byteStart + encoder.encode(source.slice(start, end)).length };
}
