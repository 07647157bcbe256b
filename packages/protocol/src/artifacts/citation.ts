import { equalBytes, utf8 } from '../bytes.ts';
import { type DagMap, type DagValue, isMap, ownField } from '../cbor/value.ts';
import { type Codec, Fault } from '../codec/codec.ts';
import { bytes32, integer, link, text } from '../codec/scalars.ts';
import type { Sha256 } from '../crypto.ts';
import type { ArtifactRef, Cid } from '../ids.ts';
import { ARTIFACTS_MAX, LEAF_BYTES, QUOTE_BYTES_MAX, TREE_KEY_BYTES_MAX } from '../limits.ts';
import { type FileRef, leafOfFile, type ReadParts } from './file.ts';
import type { BlockSource, Malformed, Missing } from './found.ts';
import { lookup, type ReadTreeNodes } from './tree-read.ts';

/** A statement that words stand in a document. A record may say more besides. */
export interface Citation {
  /** index into the inputs of the need */
  readonly input: number;
  /** key of the document in that input's tree */
  readonly path: string;
  readonly document: Cid;
  /** the words are bytes [byteStart, byteEnd) of the document */
  readonly byteStart: number;
  readonly byteEnd: number;
  /** at most 4096 bytes of UTF-8 */
  readonly quote: string;
  /** of the quote's UTF-8 */
  readonly sha256: Uint8Array;
  /** lines, counted from 1; for people, judged by nobody */
  readonly lineStart: number;
  readonly lineEnd: number;
}

const FIELDS: { readonly [K in keyof Citation]: Codec<Citation[K]> } = {
  input: integer(0, ARTIFACTS_MAX - 1),
  path: text(TREE_KEY_BYTES_MAX),
  document: link,
  byteStart: integer(),
  byteEnd: integer(),
  quote: text(QUOTE_BYTES_MAX),
  sha256: bytes32,
  lineStart: integer(1),
  lineEnd: integer(1),
};

export type CitationVerdict =
  | { readonly status: 'true' }
  /** The statement is wrong, whatever blocks are at hand: the fault of whoever made it. */
  | { readonly status: 'false'; readonly reason: CitationFault }
  | Missing
  /** The cited input is no sound artifact: the fault of whoever gave the input. */
  | Malformed;

export type CitationFault =
  /** The record cites nothing in the form of a citation: a matter for its schema, and no ground for `missing_citation`. */
  | 'not_a_citation'
  | 'sha256_differs'
  | 'length_differs'
  | 'no_such_input'
  | 'no_such_path'
  | 'document_differs'
  | 'outside_document'
  | 'words_differ';

const wrong = (reason: CitationFault): CitationVerdict => ({ status: 'false', reason });

function field<K extends keyof Citation>(map: DagMap, key: K, fault: Fault): Citation[K] | undefined {
  const value = ownField(map, key);
  return value === undefined ? fault.fail('lacking_field') : FIELDS[key].parse(value, fault);
}

/**
 * Reads a record as a citation; other fields are left alone. Undefined when it is none. Asks for nothing that a schema cannot
 * ask for, so that a statement which fits a schema of these fields is always judged for truth.
 */
export function parseCitation(value: DagValue): Citation | undefined {
  if (!isMap(value)) return undefined;
  const fault = new Fault();
  const input = field(value, 'input', fault);
  const path = field(value, 'path', fault);
  const document = field(value, 'document', fault);
  const byteStart = field(value, 'byteStart', fault);
  const byteEnd = field(value, 'byteEnd', fault);
  const quote = field(value, 'quote', fault);
  const sha256 = field(value, 'sha256', fault);
  const lineStart = field(value, 'lineStart', fault);
  const lineEnd = field(value, 'lineEnd', fault);
  if (input === undefined || path === undefined || document === undefined || byteStart === undefined) return undefined;
  if (byteEnd === undefined || quote === undefined || sha256 === undefined) return undefined;
  if (lineStart === undefined || lineEnd === undefined) return undefined;
  return { input, path, document, byteStart, byteEnd, quote, sha256, lineStart, lineEnd };
}

/** Nodes of inputs that were read, for whoever judges many citations of them: no verdict depends on it. Grows with what is cited. */
export interface ReadInputs {
  readonly nodes: ReadTreeNodes;
  readonly parts: ReadParts;
}

export const noneRead = (): ReadInputs => ({ nodes: new Map(), parts: new Map() });

/**
 * Judges whether the cited words stand where a record says (`spec/08-artifacts.md`, citations). One leaf that differs is
 * enough for `false`, even while other leaves are missing. Does not ask again for nodes that were `read`.
 */
export function checkCitation(
  value: DagValue,
  inputs: readonly ArtifactRef[],
  get: BlockSource,
  sha256: Sha256,
  read: ReadInputs = noneRead(),
): CitationVerdict {
  const citation = parseCitation(value);
  if (citation === undefined) return wrong('not_a_citation');
  const words = utf8(citation.quote);
  if (!equalBytes(sha256(words), citation.sha256)) return wrong('sha256_differs');
  if (citation.byteEnd - citation.byteStart !== words.length) return wrong('length_differs');
  const root = inputs[citation.input];
  if (root === undefined) return wrong('no_such_input');
  const found = lookup(root.cid, citation.path, get, read.nodes);
  if (found.status === 'absent') return wrong('no_such_path');
  if (found.status !== 'found') return found;
  if (found.entry.cid !== citation.document) return wrong('document_differs');
  if (citation.byteEnd > found.entry.size) return wrong('outside_document');
  return compareWords(found.entry, citation.byteStart, words, { get, parts: read.parts });
}

function compareWords(
  file: FileRef,
  start: number,
  words: Uint8Array,
  { get, parts }: { readonly get: BlockSource; readonly parts: ReadParts },
): CitationVerdict {
  const end = start + words.length;
  let unknown: Missing | Malformed | undefined;
  let at = start;
  while (at < end) {
    const leaf = leafOfFile(file, at, get, parts);
    const leafEnd = Math.min(end, nextLeafStart(at));
    if (leaf.status === 'found') {
      const due = words.subarray(at - start, leafEnd - start);
      if (!equalBytes(leaf.bytes.subarray(at - leaf.start, leafEnd - leaf.start), due)) return wrong('words_differ');
    } else {
      unknown ??= leaf;
    }
    at = leafEnd;
  }
  return unknown ?? { status: 'true' };
}

const nextLeafStart = (at: number): number => (Math.floor(at / LEAF_BYTES) + 1) * LEAF_BYTES;
