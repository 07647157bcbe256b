import { buildFile, type Cid, type Citation, fromUtf8, QUOTE_BYTES_MAX, type Sha256, utf8 } from '@canswarm/protocol';
import { type Bundle, BundleError, CITATIONS_MAX, citationKey } from '../bundle/bundle.ts';
import { FILES, FILES_BYTES_MAX, FILES_MAX, isFileName } from '../bundle/files.ts';
import type { ExecuteContext } from '../definition.ts';
import type { FetchBlock } from '../reading/fetch-blocks.ts';

const LINE_FEED = 10;

/** Where a skill lays what its output holds besides the value: files and citations, within the limits of a bundle. */
export function outputDesk(
  input: Bundle,
  fetch: FetchBlock,
  sha256: Sha256,
): Pick<ExecuteContext, 'artifacts' | 'cite'> & {
  taken(): { readonly files: ReadonlyMap<string, Uint8Array>; readonly citations: readonly Citation[] };
} {
  const files = new Map<string, Uint8Array>();
  const byCid = new Map<Cid, Uint8Array>();
  const sources = new Map<string, Promise<Uint8Array>>();
  const citations: Citation[] = [];
  let bytes = 0;
  const sourceOf = (name: string): Promise<Uint8Array> => {
    const known = sources.get(name) ?? input.files.bytes(name);
    sources.set(name, known);
    return known;
  };
  return {
    artifacts: {
      async put(name, content) {
        if (!isFileName(name)) throw new BundleError(`${JSON.stringify(name).slice(0, 100)} is no name of a file`);
        if (files.has(name)) throw new BundleError(`there is a file ${JSON.stringify(name)} in the output already`);
        const put = typeof content === 'string' ? utf8(content) : Uint8Array.from(content);
        bytes += put.length;
        if (files.size >= FILES_MAX || bytes > FILES_BYTES_MAX)
          throw new BundleError(`an output has at most ${FILES_MAX} files and ${FILES_BYTES_MAX} bytes of them`);
        files.set(name, put);
        const { cid } = buildFile(put, sha256);
        byCid.set(cid, put);
        return cid;
      },
      async get(cid) {
        const own = byCid.get(cid);
        if (own !== undefined) return own;
        const name = input.files.names().find((one) => input.files.cid(one) === cid);
        return name === undefined ? fetch(cid) : sourceOf(name);
      },
    },
    async cite(file, byteStart, byteEnd) {
      if (citations.length >= CITATIONS_MAX) throw new BundleError(`an output has at most ${CITATIONS_MAX} citations`);
      const source = await sourceOf(file);
      const document = input.files.cid(file);
      if (document === undefined) throw new RangeError(`there is no file ${JSON.stringify(file)}`);
      citations.push(citationOf({ file, document, source }, byteStart, byteEnd, sha256));
      return citationKey(citations.length - 1);
    },
    taken: () => ({ files, citations }),
  };
}

function citationOf(
  { file, document, source }: { readonly file: string; readonly document: Cid; readonly source: Uint8Array },
  byteStart: number,
  byteEnd: number,
  sha256: Sha256,
): Citation {
  const inside =
    Number.isInteger(byteStart) &&
    Number.isInteger(byteEnd) &&
    byteStart >= 0 &&
    byteStart < byteEnd &&
    byteEnd <= source.length;
  if (!inside || byteEnd - byteStart > QUOTE_BYTES_MAX)
    throw new RangeError(
      `${JSON.stringify(file)} has no bytes ${byteStart} to ${byteEnd} of at most ${QUOTE_BYTES_MAX} to cite`,
    );
  const quote = fromUtf8(source.subarray(byteStart, byteEnd));
  if (quote === undefined)
    throw new RangeError(`bytes ${byteStart} to ${byteEnd} of ${JSON.stringify(file)} are no whole characters`);
  const lineStart = 1 + lineFeeds(source, 0, byteStart);
  const lineEnd = lineStart + lineFeeds(source, byteStart, Math.max(byteStart, byteEnd - 1));
  return {
    input: 0,
    path: `${FILES}${file}`,
    document,
    byteStart,
    byteEnd,
    quote,
    sha256: sha256(utf8(quote)),
    lineStart,
    lineEnd,
  };
}

function lineFeeds(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED, from); at !== -1 && at < to; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}
