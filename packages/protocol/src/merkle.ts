import type { Sha256 } from './crypto.ts';

/** Merkle trees in the shape of RFC 6962: leaf H(00, digest), node H(01, left, right), left subtrees perfect. */

const HASH_BYTES = 32;

/** 00 and a digest; written anew for each leaf. */
const leafInput = new Uint8Array(1 + HASH_BYTES);
/** 01 and two hashes; written anew for each node. */
const nodeInput = new Uint8Array(1 + 2 * HASH_BYTES);
nodeInput[0] = 1;

function leafHash(digest: Uint8Array, sha256: Sha256): Uint8Array {
  leafInput.set(digest, 1);
  return sha256(leafInput);
}

function nodeHash(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_BYTES);
  return sha256(nodeInput);
}

/** How many hashes the path of a leaf has. */
export function pathLength(index: number, count: number): number {
  let length = 0;
  let at = index;
  for (let last = count - 1; last > 0; last = last >>> 1) {
    // The last node of a level without a sibling moves up as it is.
    if (at % 2 === 1 || at < last) length += 1;
    at >>>= 1;
  }
  return length;
}

/** The root that a leaf and its path lead to. The path has exactly `pathLength(index, count)` hashes. */
export function rootOfPath(
  digest: Uint8Array,
  index: number,
  count: number,
  path: readonly Uint8Array[],
  sha256: Sha256,
): Uint8Array {
  let hash = leafHash(digest, sha256);
  let at = index;
  let step = 0;
  for (let last = count - 1; last > 0; last = last >>> 1) {
    if (at % 2 === 1 || at < last) {
      const sibling = path[step];
      if (sibling === undefined) throw new RangeError('the path is too short for its index and count');
      hash = at % 2 === 1 ? nodeHash(sibling, hash, sha256) : nodeHash(hash, sibling, sha256);
      step += 1;
    }
    at >>>= 1;
  }
  return hash;
}

/** A whole tree: each level from the leaves to the root. */
export interface MerkleTree {
  readonly root: Uint8Array;
  readonly levels: readonly (readonly Uint8Array[])[];
}

/** Builds the tree over at least one digest: 2 n - 1 hashes. */
export function merkleTree(digests: readonly Uint8Array[], sha256: Sha256): MerkleTree {
  let level: readonly Uint8Array[] = digests.map((digest) => leafHash(digest, sha256));
  const levels = [level];
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i];
      const right = level[i + 1];
      if (left !== undefined) above.push(right === undefined ? left : nodeHash(left, right, sha256));
    }
    level = above;
    levels.push(level);
  }
  const [root] = level;
  if (root === undefined) throw new RangeError('a tree has at least one leaf');
  return { root, levels };
}

/** The path of a leaf: the siblings on its way up. */
export function pathOf(tree: MerkleTree, index: number): Uint8Array[] {
  const path: Uint8Array[] = [];
  let at = index;
  for (const level of tree.levels) {
    const sibling = level[at ^ 1];
    if (sibling !== undefined) path.push(sibling);
    at >>>= 1;
  }
  return path;
}
