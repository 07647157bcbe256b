import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  BLOCK_BYTES_MAX,
  buildTree,
  type Cid,
  cidOf,
  compareText,
  type DagValue,
  encodeCbor,
  LEAF_BYTES,
  leafAt,
  linkOf,
  listTree,
  lookup,
  type TreeEntry,
} from '../../src/index.ts';
import { Blocks, pattern } from '../support/blocks.ts';
import { sha256 } from '../support/crypto.ts';

const keys = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), {
  minLength: 1,
  maxLength: 30,
});

/** A tree whose entries are small files, files of some leaves, and records, with the dumb model of its leaves. */
function build(names: readonly string[], kinds: number) {
  const blocks = new Blocks();
  const entries = names.map((name, i) => {
    const kind = (kinds >> (i % 8)) & 3;
    if (kind === 0) return blocks.record(name, { name, i });
    return blocks.file(name, pattern(kind === 1 ? i : LEAF_BYTES * kind + i, i));
  });
  const tree = buildTree(entries, sha256);
  blocks.add(tree.blocks);
  const sorted = [...entries].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  return { blocks, tree, sorted };
}

test('a tree finds what it was built from, and nothing else', () => {
  fc.assert(
    fc.property(keys, fc.nat(65_535), fc.string({ unit: 'grapheme', minLength: 1 }), (names, kinds, other) => {
      const { blocks, tree, sorted } = build(names, kinds);
      expect(listTree(tree.ref.cid, blocks.get)).toEqual({ status: 'found', entries: sorted });
      for (const entry of sorted)
        expect(lookup(tree.ref.cid, entry.key, blocks.get)).toEqual({ status: 'found', entry });
      if (!names.includes(other)) expect(lookup(tree.ref.cid, other, blocks.get)).toEqual({ status: 'absent' });
      const model = sorted.flatMap((entry) => Array.from({ length: entry.leaves }, (_, i) => `${entry.key}#${i}`));
      expect(tree.ref.leaves).toBe(model.length);
      const seen = model.map((_, index) => leafAt(tree.ref.cid, index, blocks.get));
      let before: string | undefined;
      let number = 0;
      for (const [index, leaf] of seen.entries()) {
        if (leaf.status !== 'found') throw new Error(leaf.status);
        number = leaf.entry.key === before ? number + 1 : 0;
        before = leaf.entry.key;
        expect(`${leaf.entry.key}#${number}`).toBe(model[index]);
        expect(leaf.bytes).toBe(blocks.held.get(leaf.cid));
      }
      expect(leafAt(tree.ref.cid, model.length, blocks.get)).toEqual({ status: 'absent' });
    }),
    { numRuns: 30 },
  );
});

/** Enough entries for two levels above the leaves' parents would take long: two levels in all. */
function tall() {
  const blocks = new Blocks();
  const entries = Array.from({ length: 700 }, (_, i) => blocks.record(`key/${String(i).padStart(5, '0')}`, i));
  const tree = buildTree(entries, sha256);
  blocks.add(tree.blocks);
  return { blocks, tree, entries };
}

test('a tall tree reads one block a level, and every missing block is named', () => {
  const { blocks, tree, entries } = tall();
  expect(tree.blocks.length).toBeGreaterThan(2);
  expect(tree.blocks.every((block) => block.bytes.length <= BLOCK_BYTES_MAX)).toBe(true);
  for (const [index, entry] of entries.entries()) {
    blocks.read.clear();
    const found = lookup(tree.ref.cid, entry.key, blocks.get);
    expect(found.status === 'found' && found.entry.cid).toBe(entry.cid);
    expect(blocks.read.size).toBe(2);
    const leaf = leafAt(tree.ref.cid, index, blocks.get);
    expect(leaf.status === 'found' && leaf.entry.key).toBe(entry.key);
    if (index % 50 !== 0) continue;
    const without = (cid: Cid) => (asked: Cid) => (asked === cid ? undefined : blocks.held.get(asked));
    for (const cid of blocks.read)
      expect(leafAt(tree.ref.cid, index, without(cid))).toEqual({ status: 'missing', cid });
  }
  expect(listTree(tree.ref.cid, blocks.get)).toEqual({ status: 'found', entries });
  expect(lookup(tree.ref.cid, 'key/00000 ', blocks.get)).toEqual({ status: 'absent' });
  expect(lookup(tree.ref.cid, 'a', blocks.get)).toEqual({ status: 'absent' });
  expect(lookup(tree.ref.cid, 'z', blocks.get)).toEqual({ status: 'absent' });
});

const record = (text: string): TreeEntry => new Blocks().record(text, text);
const wire = ({ key, cid, leaves, size }: TreeEntry): DagValue => [key, linkOf(cid), leaves, size];

/** Stores a tree node, whatever it says. */
function node(
  blocks: Blocks,
  level: number,
  entries: readonly TreeEntry[],
  more: Record<string, DagValue> = {},
): TreeEntry {
  const bytes = encodeCbor({ v: 1, kind: 'tree', level, entries: entries.map(wire), ...more });
  const cid = cidOf(bytes, 'dag-cbor', sha256);
  blocks.add([{ cid, bytes }]);
  const sum = (of: (entry: TreeEntry) => number) => entries.reduce((total, entry) => total + of(entry), 0);
  return { key: entries[0]?.key ?? '', cid, leaves: sum((entry) => entry.leaves), size: sum((entry) => entry.size) };
}

test('a node that is not what it must be is malformed, with the block to blame', () => {
  const blocks = new Blocks();
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(record) as [TreeEntry, TreeEntry, TreeEntry, TreeEntry];
  const low = node(blocks, 0, [a, b]);
  const high = node(blocks, 0, [c, d]);
  const blame = (root: TreeEntry, key = 'c') => {
    const found = lookup(root.cid, key, blocks.get);
    const listed = listTree(root.cid, blocks.get);
    expect(listed.status).toBe('malformed');
    return found.status === 'malformed' ? [found.cid, found.reason] : found.status;
  };
  expect(lookup(node(blocks, 1, [low, high]).cid, 'c', blocks.get)).toEqual({ status: 'found', entry: c });
  const roots: readonly (readonly [TreeEntry, string])[] = [
    [node(blocks, 1, [low, { ...high, leaves: 3 }]), 'its leaves do not add up'],
    [node(blocks, 1, [low, { ...high, size: high.size + 1 }]), 'its sizes do not add up'],
    [node(blocks, 1, [low, { ...high, key: 'bb' }]), 'its first key is not what its parent says'],
    [node(blocks, 2, [low, high]), 'a node of level 1 is due'],
  ];
  for (const [root, reason] of roots) {
    const found = lookup(root.cid, 'c', blocks.get);
    expect(found.status === 'malformed' && [found.cid, found.reason]).toEqual([high.cid, reason]);
    expect(leafAt(root.cid, 3, blocks.get).status).toBe('malformed');
    expect(listTree(root.cid, blocks.get).status).toBe('malformed');
  }
  const wide = node(blocks, 0, [a, c]);
  const overlap = node(blocks, 1, [wide, { ...node(blocks, 0, [b, d]), key: 'b' }]);
  expect(blame(overlap, 'a')).toEqual([wide.cid, 'its keys overlap with the next node']);
  const own: readonly (readonly [TreeEntry, RegExp])[] = [
    [node(blocks, 0, [b, a]), /entry 1 is out of order/],
    [node(blocks, 0, [a, a]), /entry 1 is out of order/],
    [node(blocks, 0, []), /too_short at entries/],
    [node(blocks, 0, [a], { extra: 1 }), /unknown_field at extra/],
    [node(blocks, 9, [a]), /out_of_range at level/],
    [node(blocks, 0, [a], { kind: 'record' }), /wrong_value at kind/],
    [node(blocks, 0, [{ ...a, leaves: 2 }]), /a record is one leaf/],
    [node(blocks, 0, [{ ...a, size: 16_385 }]), /a record is one block/],
    [node(blocks, 0, [{ ...a, cid: cidOf(pattern(9), 'raw', sha256), size: 16_385 }]), /one leaf is that leaf/],
    [node(blocks, 0, [{ ...a, cid: cidOf(pattern(9), 'raw', sha256), leaves: 2 }]), /leaves of a file follow/],
    [node(blocks, 0, [{ ...a, cid: cidOf(pattern(9), 'dag-pb', sha256) }]), /one leaf is that leaf/],
    [node(blocks, 1, [{ ...a, cid: cidOf(pattern(9), 'raw', sha256) }]), /a tree node is dag-cbor/],
  ];
  for (const [root, reason] of own) expect(blame(root)).toEqual([root.cid, expect.stringMatching(reason)]);
  const large = encodeCbor({ v: 1, kind: 'tree', level: 0, entries: [wire({ ...a, key: 'k'.repeat(17_000) })] });
  const cid = cidOf(large, 'dag-cbor', sha256);
  blocks.add([{ cid, bytes: large }]);
  expect(lookup(cid, 'a', blocks.get)).toEqual({
    status: 'malformed',
    cid,
    reason: 'a tree node has at most 16384 bytes',
  });
});

test('what no reader would take is not built', () => {
  const [a, b] = ['a', 'b'].map(record) as [TreeEntry, TreeEntry];
  expect(() => buildTree([], sha256)).toThrow(RangeError);
  expect(() => buildTree([a, { ...b, key: 'a' }], sha256)).toThrow(/two entries have the key "a"/);
  expect(() => buildTree([{ ...a, leaves: 2 }], sha256)).toThrow(/a record is one leaf/);
  const sorted = buildTree([b, a], sha256);
  expect(sorted.ref).toEqual(buildTree([a, b], sha256).ref);
  expect(compareText('a', 'b')).toBeLessThan(0);
});
