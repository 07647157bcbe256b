import { buildFile, type Cid, type CidCodec, cidOf, encodeCbor, linkOf, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { linksOf } from '../src/index.ts';
import { sha256 } from './toys/toy-world.ts';

const leaf = (name: string): Cid => cidOf(utf8(name), 'raw', sha256);
const block = (bytes: Uint8Array, codec: CidCodec) => ({ cid: cidOf(bytes, codec, sha256), bytes });

describe('linksOf', () => {
  it('finds the links of DAG-CBOR at any depth, in the order they stand', () => {
    const [a, b, c] = [leaf('a'), leaf('b'), leaf('c')];
    const bytes = encodeCbor({ a: linkOf(a), b: [1, 'text', [linkOf(b), null]], c: { d: linkOf(c), e: linkOf(a) } });
    expect(linksOf(block(bytes, 'dag-cbor'))).toEqual([a, b, c, a]);
    expect(linksOf(block(encodeCbor(linkOf(a)), 'dag-cbor'))).toEqual([a]);
    expect(linksOf(block(encodeCbor({ nothing: utf8('links') }), 'dag-cbor'))).toEqual([]);
  });

  it('finds the leaves of a file, in order', () => {
    const bytes = Uint8Array.from({ length: 40_000 }, (_, i) => i >> 8);
    const { blocks, cid } = buildFile(bytes, sha256);
    const root = blocks.find((each) => each.cid === cid);
    const leaves = blocks.filter((each) => each.cid !== cid).map((each) => each.cid);
    expect(leaves).toHaveLength(3);
    expect(root && linksOf(root)).toEqual(leaves);
  });

  it('finds none in raw blocks, whatever they hold', () => {
    expect(linksOf(block(encodeCbor(linkOf(leaf('a'))), 'raw'))).toEqual([]);
  });

  it('finds none in blocks that are not well-formed', () => {
    for (const bytes of [utf8('no cbor'), new Uint8Array(0), Uint8Array.of(0xfb, 1, 2, 3, 4, 5, 6, 7, 8)]) {
      expect(linksOf(block(bytes, 'dag-cbor'))).toEqual([]);
    }
    for (const bytes of [utf8('no protobuf'), Uint8Array.of(0x12, 0x7f), encodeCbor({ a: 1 })]) {
      expect(linksOf(block(bytes, 'dag-pb'))).toEqual([]);
    }
  });
});
