import { type Block, type Cid, cidToBytes, compareText } from '@canswarm/protocol';
import { blockLength, createWriter, headerLength } from '@ipld/car/buffer-writer';
import { CID } from 'multiformats/cid';
import { CAR_BLOCKS_MAX, CAR_BYTES_MAX, CAR_ROOTS_MAX } from './car-format.ts';

/** The library's form of a CID. */
function libraryCid(cid: Cid): CID {
  const bytes = cidToBytes(cid);
  if (bytes === undefined) throw new TypeError(`${cid} is no CID of this network`);
  return CID.decode(bytes);
}

/**
 * A CAR file (version 1) of the blocks: each once, ascending by the text of its CID, so that the same roots and blocks always
 * give the same bytes. Throws RangeError beyond the limits of `CarContents`, and for roots that are none or repeat.
 */
export function writeCar(roots: readonly Cid[], blocks: Iterable<Block>): Uint8Array {
  if (roots.length < 1 || roots.length > CAR_ROOTS_MAX || new Set(roots).size !== roots.length) {
    throw new RangeError(`a CAR has 1 to ${CAR_ROOTS_MAX} different roots`);
  }
  const unique = new Map(Array.from(blocks, (block) => [block.cid, block]));
  if (unique.size > CAR_BLOCKS_MAX) throw new RangeError(`a CAR has at most ${CAR_BLOCKS_MAX} blocks`);
  const sorted = [...unique.values()]
    .sort((left, right) => compareText(left.cid, right.cid))
    .map(({ cid, bytes }) => ({ cid: libraryCid(cid), bytes }));
  const header = { roots: roots.map(libraryCid) };
  const size = sorted.reduce((sum, block) => sum + blockLength(block), headerLength(header));
  if (size > CAR_BYTES_MAX) throw new RangeError(`a CAR has at most ${CAR_BYTES_MAX} bytes`);
  const writer = createWriter(new ArrayBuffer(size), header);
  for (const block of sorted) writer.write(block);
  return writer.close();
}
