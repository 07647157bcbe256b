import { createNode, decode as decodePb, encode as encodePb, type PBLink } from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { CID } from 'multiformats/cid';
import { equalBytes } from '../bytes.ts';
import { type Block, type CidCodec, cidFromBytes, cidOf, cidToBytes, codecOf } from '../cid.ts';
import type { Sha256 } from '../crypto.ts';
import type { Cid } from '../ids.ts';
import { FILE_BYTES_MAX, FILE_LINKS_MAX, LEAF_BYTES } from '../limits.ts';
import { type BlockSource, type Malformed, type Missing, malformed, missing } from './found.ts';

/** A file of an artifact: UnixFS over 16 KiB raw leaves, as its tree entry names it. */
export interface FileRef {
  readonly cid: Cid;
  /** bytes */
  readonly size: number;
}

/** A built file with all its blocks, leaves first in order, the root last. */
export interface BuiltFile extends FileRef {
  readonly leaves: number;
  readonly blocks: readonly Block[];
}

interface Part {
  readonly cid: Cid;
  readonly size: number;
  /** bytes of all blocks under and including it */
  readonly total: number;
}

const EMPTY = new Uint8Array(0);

/** Leaves of a file of this size: an empty file has one, empty. */
export const leavesOf = (size: number): number => Math.max(1, Math.ceil(size / LEAF_BYTES));

/** Cuts a file into blocks, exactly as Kubo with chunks of 16 384, raw leaves and CIDv1 does (`spec/08-artifacts.md`). */
export function buildFile(bytes: Uint8Array, sha256: Sha256): BuiltFile {
  if (bytes.length > FILE_BYTES_MAX) throw new RangeError(`a file has at most ${FILE_BYTES_MAX} bytes`);
  const blocks: Block[] = [];
  const put = (block: Uint8Array, codec: CidCodec): Cid => {
    const cid = cidOf(block, codec, sha256);
    blocks.push({ cid, bytes: block });
    return cid;
  };
  let level: Part[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += LEAF_BYTES) {
    const leaf = bytes.slice(at, at + LEAF_BYTES);
    level.push({ cid: put(leaf, 'raw'), size: leaf.length, total: leaf.length });
  }
  while (level.length > 1) {
    const above: Part[] = [];
    for (let i = 0; i < level.length; i += FILE_LINKS_MAX) {
      const children = level.slice(i, i + FILE_LINKS_MAX);
      const node = encodeNode(children);
      const total = children.reduce((sum, child) => sum + child.total, node.length);
      above.push({ cid: put(node, 'dag-pb'), size: children.reduce((sum, child) => sum + child.size, 0), total });
    }
    level = above;
  }
  const [root] = level;
  if (root === undefined) throw new Error('a file has a root');
  return { cid: root.cid, size: bytes.length, leaves: leavesOf(bytes.length), blocks };
}

function encodeNode(children: readonly Part[]): Uint8Array {
  const meta = new UnixFS({ type: 'file', blockSizes: children.map((child) => BigInt(child.size)) });
  const links = children.map(({ cid, total }): PBLink => ({ Name: '', Tsize: total, Hash: foreignCid(cid) }));
  return encodePb(createNode(meta.marshal(), links));
}

function foreignCid(cid: Cid): CID {
  const bytes = cidToBytes(cid);
  if (bytes === undefined) throw new Error('a branded Cid is canonical');
  return CID.decode(bytes);
}

/** Bytes that one child covers in the root node of a file of this size. The size alone fixes the shape of every node. */
function childSpan(size: number): number {
  let span = LEAF_BYTES;
  while (span * FILE_LINKS_MAX < size) span *= FILE_LINKS_MAX;
  return span;
}

/** A file, or a part of one that one block stands for: what its place demands of that block. */
export interface FilePart extends FileRef {
  /** Bytes that each child but the last covers; 0 for a leaf. */
  readonly span: number;
}

/**
 * A file as its own first part. A node with one child has the span of its level although its size would fit below: so the
 * span goes down with the parts.
 */
export const wholeFile = ({ cid, size }: FileRef): FilePart => ({
  cid,
  size,
  span: size > LEAF_BYTES ? childSpan(size) : 0,
});

/** The parts that the block of a part names, in order; none for a leaf. Or why the block does not fit its place. */
export function partsOf(part: FilePart, bytes: Uint8Array): readonly FilePart[] | Malformed {
  const { cid, size, span } = part;
  if (span === 0) {
    return codecOf(cid) === 'dag-pb' || bytes.length !== size ? malformed(cid, `a leaf of ${size} bytes is due`) : [];
  }
  if (codecOf(cid) !== 'dag-pb') return malformed(cid, `a file of ${size} bytes is no single block`);
  const children = fileChildren(cid, bytes, size, span);
  if ('status' in children) return children;
  const below = span === LEAF_BYTES ? 0 : span / FILE_LINKS_MAX;
  return children.map((child) => ({ cid: child.cid, size: child.size, span: below }));
}

/**
 * The children of a file node of `size` > 16 KiB, or why it is none. `span` is the bytes of every child but the last. Only
 * the encoding that `buildFile` writes is taken, so a reader never depends on what a protobuf library tolerates.
 */
function fileChildren(cid: Cid, bytes: Uint8Array, size: number, span: number): readonly FileRef[] | Malformed {
  const count = Math.ceil(size / span);
  const parts: Part[] = [];
  try {
    const node = decodePb(bytes);
    if (node.Links.length !== count) return malformed(cid, `${count} links are due, not ${node.Links.length}`);
    for (const [index, link] of node.Links.entries()) {
      const child = cidFromBytes(link.Hash.bytes);
      if (
        child === undefined ||
        link.Hash.bytes.length !== 36 ||
        codecOf(child) !== (span === LEAF_BYTES ? 'raw' : 'dag-pb')
      ) {
        return malformed(cid, `link ${index} has a foreign CID`);
      }
      parts.push({ cid: child, size: Math.min(span, size - index * span), total: link.Tsize ?? 0 });
    }
    if (!equalBytes(encodeNode(parts), bytes)) return malformed(cid, 'not the encoding of a file node of this size');
  } catch {
    return malformed(cid, 'not a file node');
  }
  return parts;
}

/** One leaf of a file and where it begins in it. */
export interface FileLeaf {
  readonly cid: Cid;
  readonly start: number;
  readonly bytes: Uint8Array;
}

/**
 * Parts of nodes already read and found well-formed where they stand, so that leaves share them. By CID, size and span: a block that
 * fits one place need not fit another.
 */
export type ReadParts = Map<string, readonly FilePart[]>;

const placeKey = ({ cid, size, span }: FilePart): string => `${cid} ${size} ${span}`;

/** The leaf that holds byte `offset` (0 <= offset < size, or 0 in an empty file). Reads one block a level. */
export function leafOfFile(
  file: FileRef,
  offset: number,
  get: BlockSource,
  read: ReadParts = new Map(),
): ({ readonly status: 'found' } & FileLeaf) | Missing | Malformed {
  if (offset < 0 || offset >= Math.max(1, file.size))
    throw new RangeError(`byte ${offset} is not in a file of ${file.size}`);
  if (!(file.size <= FILE_BYTES_MAX)) return malformed(file.cid, 'a file of this size is not allowed');
  let part = wholeFile(file);
  let start = 0;
  for (;;) {
    const { cid, span } = part;
    const key = span === 0 ? '' : placeKey(part);
    const known = read.get(key);
    const bytes = known === undefined ? get(cid) : EMPTY;
    if (bytes === undefined) return missing(cid);
    const parts = known ?? partsOf(part, bytes);
    if ('status' in parts) return parts;
    if (span === 0) return { status: 'found', cid, start, bytes };
    read.set(key, parts);
    const index = Math.floor((offset - start) / span);
    const child = parts[index];
    if (child === undefined) throw new Error('the offset lies within a child');
    start += index * span;
    part = child;
  }
}

/** Bytes [start, end) of a file. `absent` when they do not all lie within it. */
export function readRange(
  file: FileRef,
  start: number,
  end: number,
  get: BlockSource,
): { readonly status: 'found'; readonly bytes: Uint8Array } | { readonly status: 'absent' } | Missing | Malformed {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start || end > file.size)
    return { status: 'absent' };
  const bytes = new Uint8Array(end - start);
  const read: ReadParts = new Map();
  let at = start;
  while (at < end) {
    const leaf = leafOfFile(file, at, get, read);
    if (leaf.status !== 'found') return leaf;
    const part = leaf.bytes.subarray(at - leaf.start, end - leaf.start);
    bytes.set(part, at - start);
    at += part.length;
  }
  return { status: 'found', bytes };
}
