import type { ContentStore, JsonValue } from '@canswarm/ports';
import {
  type ArtifactRef,
  type Block,
  buildFile,
  buildRecord,
  buildTree,
  type Citation,
  codecOf,
  decodeCbor,
  fromUtf8,
  isMap,
  linkOf,
  ownField,
  parseCitation,
  type Sha256,
  type TreeEntry,
  utf8,
} from '@canswarm/protocol';
import { canonicalJson, JSON_BYTES_MAX, parseJson } from '../json.ts';
import type { FetchBlock } from '../reading/fetch-blocks.ts';
import { readFile, UnsoundArtifactError } from '../reading/read-file.ts';
import { readTree } from '../reading/read-tree.ts';
import { FILES, FILES_BYTES_MAX, FILES_MAX, type Files, filesOf, isFileName } from './files.ts';
import { jsonOfDag, recordOf } from './value.ts';

/** Key of the value when it is a record, and when it is a file. */
export const VALUE = 'value';
const VALUE_FILE = 'value.json';
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
  readonly citations: readonly { readonly key: string; readonly citation: Citation }[];
}

/** A bundle that is none. The fault of whoever made it. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
}

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

/** Reads a bundle. Rejects with BundleError, UnsoundArtifactError, or ContentError where blocks cannot be had. */
export async function readBundle(ref: ArtifactRef, fetch: FetchBlock): Promise<Bundle> {
  const tree = await readTree(ref.cid, fetch);
  if (tree.status !== 'found') throw new UnsoundArtifactError(ref.cid, `the tree ${ref.cid} is ${tree.status}`);
  const { entries } = tree;
  requireSound(ref, entries);
  const value = await readValue(entries, fetch);
  const cited = entries.filter(({ key }) => key.startsWith(CITATIONS));
  if (cited.length > CITATIONS_MAX) throw new BundleError(`there are more than ${CITATIONS_MAX} citations`);
  const citations: { key: string; citation: Citation }[] = [];
  for (const { key, cid } of cited) {
    const decoded = codecOf(cid) === 'dag-cbor' ? decodeCbor(await fetch(cid)) : null;
    const citation = decoded?.ok === true ? parseCitation(decoded.value) : undefined;
    if (citation === undefined) throw new BundleError(`${key} is no citation`);
    citations.push({ key, citation });
  }
  return { value, files: filesOf(entries, fetch), citations };
}

function requireSound(ref: ArtifactRef, entries: readonly TreeEntry[]): void {
  const leaves = entries.reduce((sum, entry) => sum + entry.leaves, 0);
  if (leaves !== ref.leaves) throw new BundleError(`it has ${leaves} leaves, not the ${ref.leaves} that were said`);
  const files = entries.filter(({ key }) => key.startsWith(FILES));
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (files.length > FILES_MAX || bytes > FILES_BYTES_MAX)
    throw new BundleError(`it is too large: ${files.length} files, ${bytes} bytes`);
  for (const { key, cid } of entries) {
    const isFile = codecOf(cid) !== 'dag-cbor';
    const fits = key === VALUE || key.startsWith(CITATIONS) ? !isFile : isFile;
    if (!fits || !(key === VALUE || key === VALUE_FILE || key.startsWith(FILES) || key.startsWith(CITATIONS)))
      throw new BundleError(`${JSON.stringify(key)} is not of a bundle`);
  }
}

async function readValue(entries: readonly TreeEntry[], fetch: FetchBlock): Promise<JsonValue> {
  const record = entries.find(({ key }) => key === VALUE);
  const file = entries.find(({ key }) => key === VALUE_FILE);
  if ((record === undefined) === (file === undefined)) throw new BundleError('it has not one value');
  if (record !== undefined) {
    const decoded = decodeCbor(await fetch(record.cid));
    const held = decoded.ok && isMap(decoded.value) ? ownField(decoded.value, 'value') : undefined;
    const value = held === undefined ? undefined : jsonOfDag(held);
    if (value === undefined) throw new BundleError('its value is no record of JSON');
    return value;
  }
  if (file === undefined || file.size > JSON_BYTES_MAX)
    throw new BundleError(`its value has more than ${JSON_BYTES_MAX} bytes`);
  const text = fromUtf8(await readFile(file, fetch));
  const value = text === undefined ? undefined : parseJson(text);
  if (value === undefined || canonicalJson(value) !== text) throw new BundleError('its value is no canonical JSON');
  if (recordOf(value) !== undefined) throw new BundleError('its value fits a record and is none');
  return value;
}
