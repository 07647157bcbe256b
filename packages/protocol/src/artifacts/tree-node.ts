import { compareText } from '../bytes.ts';
import { decodeCbor } from '../cbor/decode.ts';
import { encodeCbor } from '../cbor/encode.ts';
import type { DagValue } from '../cbor/value.ts';
import { codecOf } from '../cid.ts';
import { type Codec, parseWith } from '../codec/codec.ts';
import { list, record } from '../codec/composites.ts';
import { integer, link, literal, text } from '../codec/scalars.ts';
import type { Cid } from '../ids.ts';
import { BLOCK_BYTES_MAX, FILE_BYTES_MAX, LEAVES_MAX, TREE_KEY_BYTES_MAX, TREE_LEVEL_MAX } from '../limits.ts';
import { leavesOf } from './file.ts';
import { type Malformed, malformed } from './found.ts';

/** What a tree names by a key: a file, a record, or in higher levels a tree node (key: its first key). */
export interface TreeEntry {
  readonly key: string;
  readonly cid: Cid;
  readonly leaves: number;
  /** bytes of the file or record; of a tree node, the sum over its entries */
  readonly size: number;
}

export interface TreeNode {
  readonly level: number;
  /** Invariant: at least one, keys strictly ascending by UTF-8 bytes. */
  readonly entries: readonly TreeEntry[];
}

const key = text(TREE_KEY_BYTES_MAX);
const leaves = integer(1, LEAVES_MAX);
const size = integer();

/** On the wire an entry is the list [key, link, leaves, size]. */
const treeEntry: Codec<TreeEntry> = {
  parse(value, fault) {
    if (!Array.isArray(value)) return fault.fail('wrong_type');
    const items = value as readonly DagValue[];
    if (items.length !== 4) return fault.fail(items.length < 4 ? 'too_short' : 'too_long');
    const parsedKey = key.parse(items[0] ?? null, fault);
    if (parsedKey === undefined) return fault.within(0);
    const cid = link.parse(items[1] ?? null, fault);
    if (cid === undefined) return fault.within(1);
    const parsedLeaves = leaves.parse(items[2] ?? null, fault);
    if (parsedLeaves === undefined) return fault.within(2);
    const parsedSize = size.parse(items[3] ?? null, fault);
    return parsedSize === undefined ? fault.within(3) : { key: parsedKey, cid, leaves: parsedLeaves, size: parsedSize };
  },
  encode: (entry) => [entry.key, link.encode(entry.cid), entry.leaves, entry.size],
};

const treeNode = record({
  v: literal(1),
  kind: literal('tree'),
  level: integer(0, TREE_LEVEL_MAX),
  entries: list(treeEntry, 1, BLOCK_BYTES_MAX),
});

/** The block of a tree node. */
export function encodeTreeNode(node: TreeNode): Uint8Array {
  return encodeCbor(treeNode.encode({ v: 1, kind: 'tree', level: node.level, entries: node.entries }));
}

/** Bytes an entry takes in its node. */
export const entryBytes = (entry: TreeEntry): number => encodeCbor(treeEntry.encode(entry)).length;

/** Why an entry cannot stand at a level, or undefined. */
export function entryFault(entry: TreeEntry, level: number): string | undefined {
  const codec = codecOf(entry.cid);
  if (level > 0) return codec === 'dag-cbor' ? undefined : 'a tree node is dag-cbor';
  if (codec === 'dag-cbor') {
    if (entry.size > BLOCK_BYTES_MAX) return 'a record is one block';
    return entry.leaves === 1 ? undefined : 'a record is one leaf';
  }
  if (entry.size > FILE_BYTES_MAX) return 'the file is too large';
  if ((codec === 'raw') !== entry.size <= BLOCK_BYTES_MAX) return 'a file of one leaf is that leaf';
  return entry.leaves === leavesOf(entry.size) ? undefined : 'the leaves of a file follow from its size';
}

/** Reads the block of a tree node and checks all that it says by itself. */
export function decodeTreeNode(cid: Cid, bytes: Uint8Array): TreeNode | Malformed {
  if (bytes.length > BLOCK_BYTES_MAX) return malformed(cid, `a tree node has at most ${BLOCK_BYTES_MAX} bytes`);
  const decoded = decodeCbor(bytes);
  if (!decoded.ok) return malformed(cid, `not a tree node: ${decoded.code}`);
  const parsed = parseWith(treeNode, decoded.value);
  if (!parsed.ok) return malformed(cid, `not a tree node: ${parsed.code} at ${parsed.path}`);
  const { level, entries } = parsed.value;
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1];
    if (before !== undefined && compareText(before.key, entry.key) >= 0)
      return malformed(cid, `entry ${index} is out of order`);
    const fault = entryFault(entry, level);
    if (fault !== undefined) return malformed(cid, `entry ${index}: ${fault}`);
  }
  return { level, entries };
}
