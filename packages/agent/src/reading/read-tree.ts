import {
  type Cid,
  codecOf,
  decodeCbor,
  isList,
  isMap,
  Link,
  listTree,
  type Malformed,
  type Missing,
  ownField,
  type TreeEntry,
} from '@canswarm/protocol';
import type { FetchBlock } from './fetch-blocks.ts';

/** More nodes than this are not read: about 600 000 documents with paths of usual length. */
const NODES_MAX = 4096;

export type ReadTree = { readonly status: 'found'; readonly entries: readonly TreeEntry[] } | Missing | Malformed;

/**
 * All entries of an artifact's tree in key order. Its nodes are fetched level by level first, so that a tree of thousands of
 * entries is decoded twice and not once a node. `missing` when it has more nodes than are read.
 */
export async function readTree(root: Cid, fetch: FetchBlock, nodesMax = NODES_MAX): Promise<ReadTree> {
  const held = new Map<Cid, Uint8Array>();
  let level: readonly Cid[] = [root];
  while (level.length > 0 && held.size < nodesMax) {
    const blocks = await Promise.all(
      level.slice(0, nodesMax - held.size).map(async (cid) => [cid, await fetch(cid)] as const),
    );
    for (const [cid, bytes] of blocks) held.set(cid, bytes);
    level = blocks.flatMap(([, bytes]) => innerNodes(bytes)).filter((cid) => !held.has(cid));
  }
  return listTree(root, (cid) => held.get(cid));
}

/** The tree nodes a block of a higher level names. Only says what to fetch: `listTree` judges what was fetched. */
function innerNodes(bytes: Uint8Array): Cid[] {
  const decoded = decodeCbor(bytes);
  if (!decoded.ok || !isMap(decoded.value)) return [];
  const level = ownField(decoded.value, 'level');
  const entries = ownField(decoded.value, 'entries');
  if (typeof level !== 'number' || level < 1 || !isList(entries)) return [];
  return entries.flatMap((entry) => {
    const link = isList(entry) ? entry[1] : undefined;
    return link instanceof Link && codecOf(link.cid) === 'dag-cbor' ? [link.cid] : [];
  });
}
