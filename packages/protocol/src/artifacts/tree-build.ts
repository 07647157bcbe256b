import { compareText } from '../bytes.ts';
import { encodeCbor } from '../cbor/encode.ts';
import { type DagValue, isMap, ownField } from '../cbor/value.ts';
import { type Block, cidOf } from '../cid.ts';
import type { Sha256 } from '../crypto.ts';
import type { ArtifactRef, Cid } from '../ids.ts';
import { BLOCK_BYTES_MAX, TREE_ENTRIES_MAX, TREE_LEVEL_MAX } from '../limits.ts';
import { encodeTreeNode, entryBytes, entryFault, type TreeEntry } from './tree-node.ts';

/** A built record: its block and what a tree entry says of it. */
export interface BuiltRecord {
  readonly cid: Cid;
  readonly size: number;
  readonly leaves: 1;
  readonly bytes: Uint8Array;
}

/** Makes a record of at most 16 KiB. A value that reads as a tree node is refused: a leaf must not look like a branch. */
export function buildRecord(value: DagValue, sha256: Sha256): BuiltRecord {
  if (isMap(value) && ownField(value, 'kind') === 'tree') throw new TypeError('a record has not the kind "tree"');
  const bytes = encodeCbor(value);
  if (bytes.length > BLOCK_BYTES_MAX)
    throw new RangeError(`a record has at most ${BLOCK_BYTES_MAX} bytes, not ${bytes.length}`);
  return { cid: cidOf(bytes, 'dag-cbor', sha256), size: bytes.length, leaves: 1, bytes };
}

/** Room that a node's own fields and the head of its list may take. */
const NODE_OVERHEAD = 48;

/**
 * Builds the tree over files and records: entries sorted by key, nodes filled in order up to 16 KiB. Blocks come bottom up,
 * the root last. Throws on no entries, equal keys, or an entry that a reader would refuse.
 */
export function buildTree(
  entries: readonly TreeEntry[],
  sha256: Sha256,
): { readonly ref: ArtifactRef; readonly size: number; readonly blocks: readonly Block[] } {
  if (entries.length === 0 || entries.length > TREE_ENTRIES_MAX)
    throw new RangeError(`a tree has 1 to ${TREE_ENTRIES_MAX} entries`);
  let above: TreeEntry[] = [...entries].sort((left, right) => compareText(left.key, right.key));
  requireSound(above);
  const blocks: Block[] = [];
  for (let level = 0; level <= TREE_LEVEL_MAX; level += 1) {
    above = packLevel(above, level, sha256, blocks);
    const [root] = above;
    if (above.length === 1 && root !== undefined) {
      return { ref: { cid: root.cid, leaves: root.leaves }, size: root.size, blocks };
    }
  }
  throw new RangeError(`a tree has at most ${TREE_LEVEL_MAX + 1} levels`);
}

function requireSound(sorted: readonly TreeEntry[]): void {
  for (const [index, entry] of sorted.entries()) {
    if (sorted[index - 1]?.key === entry.key)
      throw new TypeError(`two entries have the key ${JSON.stringify(entry.key)}`);
    const fault = entryFault(entry, 0);
    if (fault !== undefined) throw new TypeError(`${JSON.stringify(entry.key)}: ${fault}`);
  }
}

function packLevel(entries: readonly TreeEntry[], level: number, sha256: Sha256, blocks: Block[]): TreeEntry[] {
  const nodes: TreeEntry[] = [];
  let held: TreeEntry[] = [];
  let heldBytes = NODE_OVERHEAD;
  const close = (): void => {
    const [first] = held;
    if (first === undefined) return;
    const bytes = encodeTreeNode({ level, entries: held });
    const cid = cidOf(bytes, 'dag-cbor', sha256);
    blocks.push({ cid, bytes });
    const leaves = held.reduce((sum, entry) => sum + entry.leaves, 0);
    nodes.push({ key: first.key, cid, leaves, size: held.reduce((sum, entry) => sum + entry.size, 0) });
    held = [];
    heldBytes = NODE_OVERHEAD;
  };
  for (const entry of entries) {
    const bytes = entryBytes(entry);
    if (heldBytes + bytes > BLOCK_BYTES_MAX) close();
    held.push(entry);
    heldBytes += bytes;
  }
  close();
  return nodes;
}
