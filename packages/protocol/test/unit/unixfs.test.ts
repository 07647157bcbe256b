import { importFile } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';
import type { CID } from 'multiformats/cid';
import { expect, test } from 'vitest';
import { buildFile, LEAF_BYTES, readRange, toHex } from '../../src/index.ts';
import { sha256 } from '../support/crypto.ts';

/** The public importer, set to this network's format: the oracle. */
async function imported(
  content: Uint8Array,
): Promise<{ readonly root: string; readonly blocks: ReadonlyMap<string, string> }> {
  const blocks = new Map<string, string>();
  const store = {
    put: async (cid: CID, bytes: Uint8Array) => {
      blocks.set(cid.toString(), toHex(bytes));
      return cid;
    },
  };
  const { cid } = await importFile({ content }, store as never, {
    chunker: fixedSize({ chunkSize: LEAF_BYTES }),
    layout: balanced({ maxChildrenPerNode: 174 }),
    rawLeaves: true,
    cidVersion: 1,
    reduceSingleLeafToSelf: true,
  });
  return { root: cid.toString(), blocks };
}

const content = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) bytes[i] = (i * 31 + (i >> 9) * 7) & 255;
  return bytes;
};

const sizes = [
  0,
  1,
  16_383,
  16_384,
  16_385,
  5 * 16_384,
  173 * 16_384 + 1,
  174 * 16_384,
  174 * 16_384 + 1,
  348 * 16_384,
  349 * 16_384 + 77,
];

test.each(sizes)('a file of %i bytes has the blocks of the public importer', async (size) => {
  const bytes = content(size);
  const built = buildFile(bytes, sha256);
  const due = await imported(bytes);
  expect(built.cid).toBe(due.root);
  expect(new Map(built.blocks.map((block) => [block.cid as string, toHex(block.bytes)]))).toEqual(due.blocks);
  expect([built.size, built.leaves]).toEqual([size, Math.max(1, Math.ceil(size / LEAF_BYTES))]);
  const source = new Map(built.blocks.map((block) => [block.cid, block.bytes]));
  const whole = readRange(built, 0, size, (cid) => source.get(cid));
  expect(whole.status === 'found' && Buffer.from(whole.bytes).equals(Buffer.from(bytes))).toBe(true);
});
