import { buildFile, type Citation, utf8 } from '@canswarm/protocol';
import { sha256 } from './sha256.ts';

/** A true citation of words in a file of the input. */
export function citationOf(file: string, text: string, quote: string): Citation {
  const bytes = utf8(text);
  const byteStart = utf8(text.slice(0, text.indexOf(quote))).length;
  return {
    input: 0,
    path: `files/${file}`,
    document: buildFile(bytes, sha256).cid,
    byteStart,
    byteEnd: byteStart + utf8(quote).length,
    quote,
    sha256: sha256(utf8(quote)),
    lineStart: 1,
    lineEnd: 1,
  };
}
