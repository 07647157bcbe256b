import { expect, test } from 'vitest';
import { BATCH_PATH_MAX, BoundedCache, BoundedSet, concat, toHex } from '../../src/index.ts';
import { merkleTree, pathLength, pathOf, rootOfPath } from '../../src/merkle.ts';
import { sha256 } from '../support/crypto.ts';
import { bytes32 } from '../support/samples.ts';

/** The tree hash as RFC 6962 defines it, by recursion. */
function treeHash(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (leaves.length === 1 && first !== undefined) return sha256(concat([Uint8Array.of(0), first]));
  let split = 1;
  while (2 * split < leaves.length) split *= 2;
  return sha256(concat([Uint8Array.of(1), treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split))]));
}

test('roots are those of the recursive definition, and every path leads to its root only', () => {
  for (let count = 1; count <= 40; count += 1) {
    const leaves = Array.from({ length: count }, (_, i) => bytes32(i));
    const tree = merkleTree(leaves, sha256);
    expect(toHex(tree.root)).toBe(toHex(treeHash(leaves)));
    for (const [index, leaf] of leaves.entries()) {
      const path = pathOf(tree, index);
      expect(path.length).toBe(pathLength(index, count));
      expect(toHex(rootOfPath(leaf, index, count, path, sha256))).toBe(toHex(tree.root));
      expect(toHex(rootOfPath(bytes32(99), index, count, path, sha256))).not.toBe(toHex(tree.root));
      if (path.length > 0) expect(() => rootOfPath(leaf, index, count, path.slice(1), sha256)).toThrow(RangeError);
    }
  }
});

test('the largest batch has the longest paths', () => {
  expect(pathLength(0, 65_536)).toBe(BATCH_PATH_MAX);
  expect(pathLength(65_535, 65_536)).toBe(BATCH_PATH_MAX);
  expect(pathLength(65_534, 65_535)).toBe(BATCH_PATH_MAX - 1);
  expect(pathLength(0, 1)).toBe(0);
});

test('a leaf cannot pass for an inner node', () => {
  const [a, b] = [bytes32(1), bytes32(2)];
  const tree = merkleTree([a, b], sha256);
  const inner = sha256(concat(merkleTree([a, b], sha256).levels[0] ?? []));
  expect(toHex(rootOfPath(inner, 0, 1, [], sha256))).not.toBe(toHex(tree.root));
  expect(() => merkleTree([], sha256)).toThrow(RangeError);
});

test('a bounded cache keeps what is used and never outgrows its bound', () => {
  const cache = new BoundedCache<number, number>(10);
  cache.set(-1, -1);
  for (let i = 0; i < 1000; i += 1) {
    cache.set(i, i * i, 1 + (i % 3));
    expect(cache.get(-1)).toBe(-1);
    expect(cache.get(i)).toBe(i * i);
    expect(cache.weight).toBeLessThanOrEqual(20);
  }
  expect(cache.get(5)).toBeUndefined();
  cache.set(7, 7, 11);
  expect(cache.get(7)).toBeUndefined();
  cache.set(999, 1);
  expect(cache.get(999)).toBe(1);
  expect(() => new BoundedCache(0)).toThrow(RangeError);
});

test('a bounded set remembers what it met lately and what it meets again', () => {
  const set = new BoundedSet<number>(10);
  expect(set.meet(-1)).toBe(false);
  for (let i = 0; i < 1000; i += 1) {
    expect(set.meet(-1)).toBe(true);
    expect(set.meet(i)).toBe(false);
    expect(set.meet(i)).toBe(true);
  }
  expect(set.meet(5)).toBe(false);
  expect(() => new BoundedSet(0)).toThrow(RangeError);
});
