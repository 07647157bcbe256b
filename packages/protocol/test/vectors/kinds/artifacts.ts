import { expect } from 'vitest';
import { buildFile, buildTree, LEAF_BYTES, leafAt, lookup } from '../../../src/index.ts';
import { Blocks, pattern } from '../../support/blocks.ts';
import { sha256 } from '../../support/crypto.ts';
import { defineKind } from '../kind.ts';

interface ArtifactCase {
  readonly name: string;
  /** files by key: byte i is (31 i + 7 (i >> 9) + salt) mod 256 */
  readonly files: readonly {
    readonly key: string;
    readonly size: number;
    readonly salt: number;
    readonly cid: string;
  }[];
  /** records by key: { "text": text } */
  readonly records: readonly { readonly key: string; readonly text: string; readonly cid: string }[];
  readonly root: string;
  readonly leaves: number;
  readonly treeBlocks: number;
}

function build(
  files: readonly { key: string; size: number; salt: number }[],
  records: readonly { key: string; text: string }[],
) {
  const blocks = new Blocks();
  const fileEntries = files.map(({ key, size, salt }) => blocks.file(key, pattern(size, salt)));
  const recordEntries = records.map(({ key, text }) => blocks.record(key, { text }));
  const tree = buildTree([...recordEntries, ...fileEntries], sha256);
  blocks.add(tree.blocks);
  return { blocks, tree, fileEntries, recordEntries };
}

function artifact(
  name: string,
  files: readonly { key: string; size: number; salt: number }[],
  records: readonly { key: string; text: string }[],
): ArtifactCase {
  const { tree, fileEntries, recordEntries } = build(files, records);
  return {
    name,
    files: files.map((file, i) => ({ ...file, cid: fileEntries[i]?.cid ?? '' })),
    records: records.map((record, i) => ({ ...record, cid: recordEntries[i]?.cid ?? '' })),
    root: tree.ref.cid,
    leaves: tree.ref.leaves,
    treeBlocks: tree.blocks.length,
  };
}

export const artifacts = defineKind<ArtifactCase>({
  kind: 'artifacts',
  about: 'files and records with their CIDs, and the root of the tree over them',
  generate: () => [
    artifact('one empty file', [{ key: 'empty', size: 0, salt: 0 }], []),
    artifact(
      'files around the size of a leaf',
      [LEAF_BYTES - 1, LEAF_BYTES, LEAF_BYTES + 1].map((size, salt) => ({ key: `f${salt}`, size, salt })),
      [],
    ),
    artifact('a file of two levels', [{ key: 'large', size: 175 * LEAF_BYTES, salt: 3 }], []),
    artifact(
      'keys in byte order',
      [
        { key: 'é', size: 1, salt: 1 },
        { key: '😀', size: 2, salt: 2 },
      ],
      [
        { key: '￿', text: 'after é, before the emoji' },
        { key: 'z', text: 'first' },
      ],
    ),
    artifact(
      'two levels of nodes',
      [],
      Array.from({ length: 400 }, (_, i) => ({ key: `s/${String(i).padStart(4, '0')}`, text: `statement ${i}` })),
    ),
  ],
  judge({ files, records, root, leaves, treeBlocks }) {
    for (const { size, salt, cid } of files) expect(buildFile(pattern(size, salt), sha256).cid).toBe(cid);
    const { blocks, tree } = build(files, records);
    expect([tree.ref, tree.blocks.length]).toEqual([{ cid: root, leaves }, treeBlocks]);
    for (const { key, cid } of [...files, ...records]) {
      const found = lookup(tree.ref.cid, key, blocks.get);
      expect(found.status === 'found' && found.entry.cid).toBe(cid);
    }
    expect(leafAt(tree.ref.cid, leaves - 1, blocks.get).status).toBe('found');
    expect(leafAt(tree.ref.cid, leaves, blocks.get).status).toBe('absent');
  },
});
