import { readHtml } from './html.ts';
import { readMarkdown } from './markdown.ts';
import { readPlain } from './plain.ts';
import type { Reading } from './reading.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of UTF-8 bytes with any byte order mark kept (so that offsets agree), or `null` when they are no valid UTF-8. */
export function decodeText(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** Reads a document by the format its name tells: HTML, plain text, or else Markdown. */
export function readDocument(path: string, source: string): Reading {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (/\.html?$/.test(name)) return readHtml(source);
  if (/\.(?:txt|rst|adoc)$/.test(name) || /^(?:licen[cs]e|notice|authors|copying)$/.test(name))
    return readPlain(source);
  return readMarkdown(source);
}
