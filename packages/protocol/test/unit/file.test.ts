import { createNode, encode as encodePb } from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { CID } from 'multiformats/cid';
import { expect, test } from 'vitest';
import { buildFile, type Cid, cidOf, LEAF_BYTES, readRange } from '../../src/index.ts';
import { Blocks, pattern } from '../support/blocks.ts';
import { sha256 } from '../support/crypto.ts';

const bytes = pattern(3 * LEAF_BYTES + 100);

test('any range of a file reads the bytes that stand there, from the leaves it touches', () => {
  const blocks = new Blocks();
  const file = blocks.file('f', bytes);
  const marks = [0, 1, LEAF_BYTES - 1, LEAF_BYTES, LEAF_BYTES + 1, 2 * LEAF_BYTES, bytes.length - 1, bytes.length];
  for (const start of marks) {
    for (const end of marks.filter((mark) => mark >= start)) {
      blocks.read.clear();
      const range = readRange(file, start, end, blocks.get);
      expect(range.status === 'found' && Buffer.from(range.bytes).equals(Buffer.from(bytes.subarray(start, end)))).toBe(
        true,
      );
      const leaves = end === start ? 0 : Math.ceil(end / LEAF_BYTES) - Math.floor(start / LEAF_BYTES);
      expect(blocks.read.size).toBe(end === start ? 0 : leaves + 1);
    }
  }
  for (const [start, end] of [
    [-1, 1],
    [2, 1],
    [0, bytes.length + 1],
    [0.5, 1],
    [0, Number.NaN],
  ] as const) {
    expect(readRange(file, start, end, blocks.get)).toEqual({ status: 'absent' });
  }
});

test('missing blocks are named', () => {
  const built = buildFile(bytes, sha256);
  const held = new Map(built.blocks.map((block) => [block.cid, block.bytes]));
  const [first] = built.blocks;
  expect(readRange(built, 0, 10, () => undefined)).toEqual({ status: 'missing', cid: built.cid });
  const without = (cid: Cid) => (cid === first?.cid ? undefined : held.get(cid));
  expect(readRange(built, 0, 10, without)).toEqual({ status: 'missing', cid: first?.cid });
  expect(readRange(built, LEAF_BYTES, LEAF_BYTES + 10, without).status).toBe('found');
});

test('a file node that says anything but its shape is malformed', () => {
  const built = buildFile(bytes, sha256);
  const leaves = built.blocks.slice(0, 4);
  const bent = (
    links: readonly { cid: string; total: number }[],
    sizes: readonly number[],
    options: { type?: 'raw' | 'file'; data?: Uint8Array } = {},
  ) => {
    const meta = new UnixFS({
      type: options.type ?? 'file',
      blockSizes: sizes.map(BigInt),
      ...(options.data && { data: options.data }),
    });
    const node = encodePb(
      createNode(
        meta.marshal(),
        links.map(({ cid, total }) => ({ Name: '', Tsize: total, Hash: CID.parse(cid) })),
      ),
    );
    return reads(node);
  };
  const reads = (node: Uint8Array, size = bytes.length) => {
    const cid = cidOf(node, 'dag-pb', sha256);
    const held = new Map([...built.blocks.map((block) => [block.cid, block.bytes] as const), [cid, node] as const]);
    const range = readRange({ cid, size }, 0, 1, (asked) => held.get(asked));
    return range.status === 'malformed' ? range.reason : range.status;
  };
  const links = leaves.map((block) => ({ cid: block.cid as string, total: block.bytes.length }));
  const sizes = leaves.map((block) => block.bytes.length);
  const shape = 'not the encoding of a file node of this size';
  expect(bent(links, sizes)).toBe('found');
  expect(bent(links.slice(1), sizes.slice(1))).toBe('4 links are due, not 3');
  expect(bent(links, sizes.with(0, 5))).toBe(shape);
  expect(bent(links, sizes.slice(1))).toBe(shape);
  expect(bent(links, sizes, { type: 'raw' })).toBe(shape);
  expect(bent(links, sizes, { data: pattern(3) })).toBe(shape);
  expect(bent(links.with(0, { cid: cidOf(pattern(4), 'dag-cbor', sha256), total: 4 }), sizes)).toBe(
    'link 0 has a foreign CID',
  );
  expect(bent(links.with(0, { cid: 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG', total: 4 }), sizes)).toBe(
    'link 0 has a foreign CID',
  );
  const whole = built.blocks.at(-1)?.bytes ?? new Uint8Array();
  expect(reads(whole)).toBe('found');
  expect(reads(whole, bytes.length + LEAF_BYTES)).toBe('5 links are due, not 4');
  expect(reads(whole, 10)).toBe('a leaf of 10 bytes is due');
  expect(reads(pattern(40))).toBe('not a file node');
  expect(reads(Uint8Array.from([...whole, 0x1a, 0]))).toMatch(/not/);
});

test('a leaf is as long as its file says', () => {
  const leaf = pattern(20);
  const cid = cidOf(leaf, 'raw', sha256);
  for (const size of [19, 21]) expect(readRange({ cid, size }, 0, 1, () => leaf).status).toBe('malformed');
  expect(readRange({ cid, size: 20_000 }, 0, 1, () => leaf)).toEqual({
    status: 'malformed',
    cid,
    reason: 'a file of 20000 bytes is no single block',
  });
  expect(readRange({ cid, size: 2 ** 50 }, 0, 1, () => leaf).status).toBe('malformed');
});
