import { compareText } from '../bytes.ts';
import type { Cid } from '../ids.ts';
import { LEAF_BYTES, TREE_ENTRIES_MAX } from '../limits.ts';
import { leafOfFile } from './file.ts';
import {
  ABSENT,
  type Absent,
  type BlockSource,
  type Malformed,
  type Missing,
  malformed,
  missing,
  type Unfound,
} from './found.ts';
import { decodeTreeNode, type TreeEntry, type TreeNode } from './tree-node.ts';

/** What a parent said of a node; nothing for a root. */
interface Place {
  readonly cid: Cid;
  readonly entry?: TreeEntry;
  readonly level?: number;
  /** first key after this node's, if the parent knows one */
  readonly before?: string | undefined;
}

/** Tree nodes already read, by what their bytes say of themselves. */
export type ReadTreeNodes = Map<Cid, TreeNode>;

/** Reads a node and checks it against what its parent says of it. */
function readNode(place: Place, get: BlockSource, read?: ReadTreeNodes): TreeNode | Missing | Malformed {
  const known = read?.get(place.cid);
  if (known !== undefined) return inPlace(place, known);
  const bytes = get(place.cid);
  if (bytes === undefined) return missing(place.cid);
  const node = decodeTreeNode(place.cid, bytes);
  if (!('status' in node)) read?.set(place.cid, node);
  return inPlace(place, node);
}

const nodeAt = (place: Place, bytes: Uint8Array): TreeNode | Malformed =>
  inPlace(place, decodeTreeNode(place.cid, bytes));

function inPlace({ cid, entry, level, before }: Place, node: TreeNode | Malformed): TreeNode | Malformed {
  if ('status' in node || entry === undefined) return node;
  if (node.level !== level) return malformed(cid, `a node of level ${level} is due`);
  if (node.entries[0]?.key !== entry.key) return malformed(cid, 'its first key is not what its parent says');
  const last = node.entries.at(-1)?.key ?? '';
  if (before !== undefined && compareText(last, before) >= 0)
    return malformed(cid, 'its keys overlap with the next node');
  if (node.entries.reduce((sum, item) => sum + item.leaves, 0) !== entry.leaves)
    return malformed(cid, 'its leaves do not add up');
  if (node.entries.reduce((sum, item) => sum + item.size, 0) !== entry.size)
    return malformed(cid, 'its sizes do not add up');
  return node;
}

function childPlace(node: TreeNode, index: number, entry: TreeEntry, place: Place): Place {
  return { cid: entry.cid, entry, level: node.level - 1, before: node.entries[index + 1]?.key ?? place.before };
}

/** Index of the last entry whose key is <= `key`, or -1. */
function floorIndex(entries: readonly TreeEntry[], key: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareText(entries[middle]?.key ?? '', key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The entry a key names in the tree under `root`. Reads one block a level, but none of those that were `read`. */
export function lookup(
  root: Cid,
  key: string,
  get: BlockSource,
  read?: ReadTreeNodes,
): { readonly status: 'found'; readonly entry: TreeEntry } | Unfound {
  let place: Place = { cid: root };
  for (;;) {
    const node = readNode(place, get, read);
    if ('status' in node) return node;
    const index = floorIndex(node.entries, key);
    const entry = node.entries[index];
    if (entry === undefined) return ABSENT;
    if (node.level === 0) return entry.key === key ? { status: 'found', entry } : ABSENT;
    place = childPlace(node, index, entry, place);
  }
}

/** A leaf of an artifact: a record or 16 KiB of a file, and the entry it belongs to. */
export interface FoundLeaf {
  readonly status: 'found';
  readonly cid: Cid;
  readonly bytes: Uint8Array;
  readonly entry: TreeEntry;
}

/** Leaf `index` of the tree under `root`, counted in key order from 0. Reads one block a level and the leaf. */
export function leafAt(root: Cid, index: number, get: BlockSource): FoundLeaf | Absent | Missing | Malformed {
  if (!Number.isSafeInteger(index) || index < 0) return ABSENT;
  let left = index;
  let place: Place = { cid: root };
  for (;;) {
    const node = readNode(place, get);
    if ('status' in node) return node;
    const at = node.entries.findIndex((entry) => {
      if (left < entry.leaves) return true;
      left -= entry.leaves;
      return false;
    });
    const entry = node.entries[at];
    if (entry === undefined) return ABSENT;
    if (node.level === 0) {
      const leaf = leafOfFile(entry, left * LEAF_BYTES, get);
      return leaf.status === 'found' ? { status: 'found', cid: leaf.cid, bytes: leaf.bytes, entry } : leaf;
    }
    place = childPlace(node, at, entry, place);
  }
}

/** All entries of a tree in key order. */
export interface FoundTree {
  readonly status: 'found';
  readonly entries: readonly TreeEntry[];
}

/** As `listTree`, for whoever gets the blocks one by one: asks for each tree node, and reads it once. */
export function* walkTree(root: Cid): Generator<Cid, FoundTree | Malformed, Uint8Array> {
  const entries: TreeEntry[] = [];
  const pending: Place[] = [{ cid: root }];
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    const node = nodeAt(place, yield place.cid);
    if ('status' in node) return node;
    if (node.level > 0) {
      for (let i = node.entries.length - 1; i >= 0; i -= 1) {
        const entry = node.entries[i];
        if (entry !== undefined) pending.push(childPlace(node, i, entry, place));
      }
    } else {
      for (const entry of node.entries) entries.push(entry);
      if (entries.length > TREE_ENTRIES_MAX) return malformed(root, `a tree has at most ${TREE_ENTRIES_MAX} entries`);
    }
  }
  return { status: 'found', entries };
}

/** All entries of the tree under `root` in key order. Reads every tree node, no files or records. */
export function listTree(root: Cid, get: BlockSource): FoundTree | Missing | Malformed {
  const walk = walkTree(root);
  let step = walk.next();
  while (step.done !== true) {
    const bytes = get(step.value);
    if (bytes === undefined) return missing(step.value);
    step = walk.next(bytes);
  }
  return step.value;
}
