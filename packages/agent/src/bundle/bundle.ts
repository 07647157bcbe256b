import type { ContentStore, JsonValue } from '@canswarm/ports';
import {
  type ArtifactRef,
  type Block,
  buildFile,
  buildRecord,
  buildTree,
  type Citation,
  linkOf,
  type Sha256,
  type TreeEntry,
  utf8,
} from '@canswarm/protocol';
import { canonicalJson, JSON_BYTES_MAX, jsonFault } from '../json.ts';
import { FILES, FILES_BYTES_MAX, FILES_MAX, type Files, isFileName } from './files.ts';
import { recordOf } from './value.ts';

/** Key of the value when it is a record, and when it is a file. */
export const VALUE = 'value';
export const VALUE_FILE = 'value.json';
export const CITATIONS = 'citations/';
/** Most citations of one bundle. */
export const CITATIONS_MAX = 10_000;

/** What an input or output is made of, before it is published. */
export interface BundleDraft {
  readonly value: JsonValue;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly citations: readonly Citation[];
}

/** An input or output as it is read: one JSON value, files by name, citations by key. */
export interface Bundle {
  readonly value: JsonValue;
  readonly files: Files;
  /** Key and citation, in key order. */
  readonly citations: readonly KeyedCitation[];
}

export interface KeyedCitation {
  readonly key: string;
  readonly citation: Citation;
}

/** A bundle that is none. The fault of whoever made it. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
}

/** Key of a citation, by its place among the citations from 0. */
export const citationKey = (index: number): string => `${CITATIONS}${String(index + 1).padStart(5, '0')}`;

/** Blocks are handed over when they come to this many bytes or pieces. */
const BATCH_BYTES = 4_194_304;
const BATCH_BLOCKS = 4_096;

/**
 * Puts a bundle into a content store (`spec/12-agents.md`, bundles). The same draft gives the same artifact. Throws a BundleError that
 * says which limit it breaks. Nothing is pinned.
 */
export async function publishBundle(store: ContentStore, draft: BundleDraft, sha256: Sha256): Promise<ArtifactRef> {
  requireWithinLimits(draft);
  const batch = new Batch(store);
  const entries: TreeEntry[] = [];
  const file = async (key: string, bytes: Uint8Array): Promise<void> => {
    const { cid, leaves, size, blocks } = buildFile(bytes, sha256);
    entries.push({ key, cid, leaves, size });
    await batch.add(blocks);
  };
  const record = async (key: string, built: ReturnType<typeof buildRecord>): Promise<void> => {
    entries.push({ key, cid: built.cid, leaves: 1, size: built.size });
    await batch.add([{ cid: built.cid, bytes: built.bytes }]);
  };
  const value = recordOf(draft.value);
  if (value === undefined) await file(VALUE_FILE, utf8(canonicalJson(draft.value)));
  else await record(VALUE, buildRecord(value, sha256));
  for (const [name, bytes] of draft.files) await file(`${FILES}${name}`, bytes);
  for (const [index, citation] of draft.citations.entries())
    await record(citationKey(index), buildRecord({ ...citation, document: linkOf(citation.document) }, sha256));
  const tree = buildTree(entries, sha256);
  await batch.add(tree.blocks);
  await batch.flush();
  return tree.ref;
}

function requireWithinLimits({ value, files, citations }: BundleDraft): void {
  const fault = jsonFault(value);
  if (fault !== null) throw new BundleError(`the value is no JSON: ${fault}`);
  const length = utf8(canonicalJson(value)).length;
  if (length > JSON_BYTES_MAX)
    throw new BundleError(`the value has ${length} bytes as JSON, more than ${JSON_BYTES_MAX}`);
  if (files.size > FILES_MAX) throw new BundleError(`there are ${files.size} files, more than ${FILES_MAX}`);
  let bytes = 0;
  for (const [name, content] of files) {
    if (!isFileName(name)) throw new BundleError(`${JSON.stringify(name).slice(0, 100)} is no name of a file`);
    bytes += content.length;
  }
  if (bytes > FILES_BYTES_MAX) throw new BundleError(`the files have ${bytes} bytes, more than ${FILES_BYTES_MAX}`);
  if (citations.length > CITATIONS_MAX)
    throw new BundleError(`there are ${citations.length} citations, more than ${CITATIONS_MAX}`);
}

class Batch {
  readonly #store: ContentStore;
  #blocks: Block[] = [];
  #bytes = 0;

  constructor(store: ContentStore) {
    this.#store = store;
  }

  async add(blocks: readonly Block[]): Promise<void> {
    for (const block of blocks) {
      this.#blocks.push(block);
      this.#bytes += block.bytes.length;
      if (this.#bytes >= BATCH_BYTES || this.#blocks.length >= BATCH_BLOCKS) await this.flush();
    }
  }

  async flush(): Promise<void> {
    if (this.#blocks.length > 0) await this.#store.putBlocks(this.#blocks);
    this.#blocks = [];
    this.#bytes = 0;
  }
}
