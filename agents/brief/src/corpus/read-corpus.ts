import { isUtf8 } from 'node:buffer';
import { blockFetcher, type FetchBlock, readFile, readTree, UnsoundArtifactError } from '@canswarm/agent';
import type { ContentStore } from '@canswarm/ports';
import { type ArtifactRef, codecOf, type TreeEntry } from '@canswarm/protocol';
import type { SourceDocument } from '../extract.ts';
import { SCAN_LIMITS } from './skip.ts';

/** Files read at the same time. */
const FILES_AT_ONCE = 8;

/** Thrown when a published corpus cannot be read: its artifact is unsound, or larger than this agent takes. */
export class CorpusError extends Error {
  override readonly name = 'CorpusError';
}

/** A published corpus, listed but not yet read. */
export interface Corpus {
  /** Its files in path order. */
  readonly files: readonly TreeEntry[];
  /** Sum of their sizes in bytes. */
  readonly bytes: number;
  /** The documents in path order. Files that are not UTF-8 text are left out: nothing can be quoted from them. */
  documents(): AsyncIterable<SourceDocument>;
  /** One document by path; undefined when there is none or it is not text. */
  document(path: string): Promise<SourceDocument | undefined>;
}

/** Lists the documents published under `ref`. Rejects with CorpusError or ContentError. */
export async function openCorpus(store: ContentStore, ref: ArtifactRef, signal?: AbortSignal): Promise<Corpus> {
  const fetch = blockFetcher(store, signal);
  const tree = await readTree(ref.cid, fetch);
  if (tree.status !== 'found') throw new CorpusError(`the corpus cannot be listed: ${tree.cid} is ${tree.status}`);
  const files = tree.entries.filter((entry) => codecOf(entry.cid) !== 'dag-cbor');
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  if (files.length > SCAN_LIMITS.documentsMax || bytes > SCAN_LIMITS.totalBytesMax) {
    throw new CorpusError(`the corpus is too large: ${files.length} documents, ${bytes} bytes`);
  }
  const byPath = new Map(files.map((file) => [file.key, file]));
  return {
    files,
    bytes,
    documents: () => readAll(files, fetch),
    document: async (path) => {
      const file = byPath.get(path);
      return file === undefined ? undefined : await readDocument(file, fetch);
    },
  };
}

/** The documents published under `ref`, in path order. Rejects with CorpusError or ContentError. */
export async function* readCorpus(
  store: ContentStore,
  ref: ArtifactRef,
  signal?: AbortSignal,
): AsyncGenerator<SourceDocument> {
  yield* (await openCorpus(store, ref, signal)).documents();
}

async function* readAll(files: readonly TreeEntry[], fetch: FetchBlock): AsyncGenerator<SourceDocument> {
  for (let start = 0; start < files.length; start += FILES_AT_ONCE) {
    const batch = files.slice(start, start + FILES_AT_ONCE);
    const documents = await Promise.all(batch.map((file) => readDocument(file, fetch)));
    for (const document of documents) if (document !== undefined) yield document;
  }
}

async function readDocument(file: TreeEntry, fetch: FetchBlock): Promise<SourceDocument | undefined> {
  const bytes = await readFile(file, fetch).catch(unsound);
  return isUtf8(bytes) ? { path: file.key, cid: file.cid, bytes } : undefined;
}

function unsound(error: unknown): never {
  if (error instanceof UnsoundArtifactError) throw new CorpusError(`a document cannot be read: ${error.message}`);
  throw error;
}
