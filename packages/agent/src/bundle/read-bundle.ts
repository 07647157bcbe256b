import type { JsonValue } from '@canswarm/ports';
import {
  type ArtifactRef,
  type BlockSource,
  type Cid,
  codecOf,
  decodeCbor,
  type FileRef,
  fromUtf8,
  isMap,
  listTree,
  ownField,
  parseCitation,
  readRange,
  type TreeEntry,
} from '@canswarm/protocol';
import { canonicalJson, JSON_BYTES_MAX, parseJson } from '../json.ts';
import type { FetchBlock } from '../reading/fetch-blocks.ts';
import { readFile, UnsoundArtifactError } from '../reading/read-file.ts';
import { readTree } from '../reading/read-tree.ts';
import {
  type Bundle,
  BundleError,
  CITATIONS,
  CITATIONS_MAX,
  citationKey,
  type KeyedCitation,
  VALUE,
  VALUE_FILE,
} from './bundle.ts';
import { FILES, FILES_BYTES_MAX, FILES_MAX, filesOf, isFileName, type NamedFile, namedFiles } from './files.ts';
import { jsonOfDag, recordOf } from './value.ts';

/** Fields of a citation's record: all of a citation, and none besides. */
const CITATION_FIELDS = 9;

/** Reads a bundle. Rejects with BundleError, UnsoundArtifactError, or ContentError where blocks cannot be had. */
export async function readBundle(ref: ArtifactRef, fetch: FetchBlock): Promise<Bundle> {
  const tree = await readTree(ref.cid, fetch);
  if (tree.status !== 'found') throw new UnsoundArtifactError(ref.cid, `the tree ${ref.cid} is ${tree.status}`);
  const { holder, cited, files } = partsOf(ref, tree.entries);
  const value = holder.isRecord ? valueOfRecord(await fetch(holder.cid)) : valueOfText(await readFile(holder, fetch));
  const citations: KeyedCitation[] = [];
  for (const { key, cid } of cited) citations.push(citationOf(key, await fetch(cid)));
  return { value, files: filesOf(files, fetch), citations };
}

/** A bundle as blocks at hand give it, its files by what names them. */
export interface HeldBundle extends Omit<Bundle, 'files'> {
  /** Sorted by the UTF-8 bytes of their names. */
  readonly files: readonly NamedFile[];
}

/**
 * Reads a bundle all of whose blocks are at hand; the content of its files is left alone (`heldFile`). Throws BundleError or
 * UnsoundArtifactError, the latter also for a block that is missing.
 */
export function heldBundle(ref: ArtifactRef, get: BlockSource): HeldBundle {
  const tree = listTree(ref.cid, get);
  if (tree.status !== 'found') throw new UnsoundArtifactError(ref.cid, `the tree ${ref.cid} is ${tree.status}`);
  const { holder, cited, files } = partsOf(ref, tree.entries);
  const value = holder.isRecord ? valueOfRecord(heldBlock(holder.cid, get)) : valueOfText(heldFile(holder, get));
  return { value, files, citations: cited.map(({ key, cid }) => citationOf(key, heldBlock(cid, get))) };
}

/** The content of a file all of whose blocks are at hand. Throws an UnsoundArtifactError. */
export function heldFile(file: FileRef, get: BlockSource): Uint8Array {
  const read = readRange(file, 0, file.size, get);
  if (read.status !== 'found') throw new UnsoundArtifactError(file.cid, `the file ${file.cid} is ${read.status}`);
  return read.bytes;
}

function heldBlock(cid: Cid, get: BlockSource): Uint8Array {
  const bytes = get(cid);
  if (bytes === undefined) throw new UnsoundArtifactError(cid, `the block ${cid} is missing`);
  return bytes;
}

interface Parts {
  /** Where the value stands. */
  readonly holder: TreeEntry & { readonly isRecord: boolean };
  readonly cited: readonly TreeEntry[];
  readonly files: readonly NamedFile[];
}

/** What the entries of a tree are to the bundle that it is. Throws a BundleError. */
function partsOf(ref: ArtifactRef, entries: readonly TreeEntry[]): Parts {
  const leaves = entries.reduce((sum, entry) => sum + entry.leaves, 0);
  if (leaves !== ref.leaves) throw new BundleError(`it has ${leaves} leaves, not the ${ref.leaves} that were said`);
  const [holder, second] = entries.filter(({ key }) => key === VALUE || key === VALUE_FILE);
  if (holder === undefined || second !== undefined) throw new BundleError('it has not one value');
  const cited = entries.filter(({ key }) => key.startsWith(CITATIONS));
  const files = namedFiles(entries);
  if (1 + cited.length + files.length !== entries.length) {
    const foreign = entries.find(
      ({ key }) => key !== holder.key && !key.startsWith(CITATIONS) && !key.startsWith(FILES),
    );
    throw new BundleError(`${shown(foreign?.key ?? '')} is not of a bundle`);
  }
  requireSoundFiles(files);
  if (cited.length > CITATIONS_MAX) throw new BundleError(`there are more than ${CITATIONS_MAX} citations`);
  for (const [index, { key, cid }] of cited.entries()) {
    if (key !== citationKey(index)) throw new BundleError(`${shown(key)} stands where ${citationKey(index)} is due`);
    if (codecOf(cid) !== 'dag-cbor') throw new BundleError(`${key} is no record`);
  }
  const isRecord = codecOf(holder.cid) === 'dag-cbor';
  if (isRecord !== (holder.key === VALUE)) throw new BundleError(`${holder.key} is ${isRecord ? 'a' : 'no'} record`);
  if (!isRecord && holder.size > JSON_BYTES_MAX)
    throw new BundleError(`its value has more than ${JSON_BYTES_MAX} bytes`);
  return { holder: { ...holder, isRecord }, cited, files };
}

function requireSoundFiles(files: readonly NamedFile[]): void {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (files.length > FILES_MAX || bytes > FILES_BYTES_MAX)
    throw new BundleError(`it is too large: ${files.length} files, ${bytes} bytes`);
  for (const { name, cid } of files) {
    if (codecOf(cid) === 'dag-cbor') throw new BundleError(`the file ${shown(name)} is a record`);
    if (!isFileName(name)) throw new BundleError(`${shown(name)} is no name of a file`);
  }
}

const shown = (text: string): string => JSON.stringify(text).slice(0, 100);

/** The value that a record holds: whatever fits a record stands in one, and nothing stands beside it. */
function valueOfRecord(bytes: Uint8Array): JsonValue {
  const decoded = decodeCbor(bytes);
  const map = decoded.ok && isMap(decoded.value) && Object.keys(decoded.value).length === 1 ? decoded.value : {};
  const held = ownField(map, 'value');
  const value = held === undefined ? undefined : jsonOfDag(held);
  if (value === undefined || recordOf(value) === undefined) throw new BundleError('its value is no record of JSON');
  return value;
}

/** The value that a file holds: canonical JSON of what fits no record. */
function valueOfText(bytes: Uint8Array): JsonValue {
  const text = fromUtf8(bytes);
  const value = text === undefined ? undefined : parseJson(text);
  if (value === undefined || canonicalJson(value) !== text) throw new BundleError('its value is no canonical JSON');
  if (recordOf(value) !== undefined) throw new BundleError('its value fits a record and is none');
  return value;
}

function citationOf(key: string, bytes: Uint8Array): KeyedCitation {
  const decoded = decodeCbor(bytes);
  const map = decoded.ok && isMap(decoded.value) ? decoded.value : {};
  const citation = Object.keys(map).length === CITATION_FIELDS ? parseCitation(map) : undefined;
  if (citation === undefined) throw new BundleError(`${key} is no citation`);
  return { key, citation };
}
