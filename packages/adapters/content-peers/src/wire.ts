import { CONTENT_BLOCK_BYTES_MAX } from '@canswarm/ports';
import {
  type Cid,
  cidOf,
  codecOf,
  decodeCbor,
  encodeCbor,
  isList,
  Link,
  linkOf,
  type Sha256,
} from '@canswarm/protocol';

/** Protocol of requests for blocks. Wire format: README. */
export const BLOCKS_PROTOCOL = 'can/blocks/1';

/** CIDs asked for in one request. */
export const ASKED_MAX = 64;
/** Bytes of blocks in one answer; the first block is always whole. */
export const ANSWER_BYTES = 1_048_576;
/** Largest answer: as many bytes as a block may have beyond that, and what encoding adds. */
export const ANSWER_BYTES_MAX = ANSWER_BYTES + CONTENT_BLOCK_BYTES_MAX + 8_192;

export const encodeAsked = (cids: readonly Cid[]): Uint8Array => encodeCbor(cids.map(linkOf));

/** The CIDs of a request, or null when it is none. */
export function decodeAsked(bytes: Uint8Array): readonly Cid[] | null {
  const decoded = decodeCbor(bytes);
  if (!decoded.ok || !isList(decoded.value) || decoded.value.length > ASKED_MAX) return null;
  const cids: Cid[] = [];
  for (const item of decoded.value) {
    if (!(item instanceof Link)) return null;
    cids.push(item.cid);
  }
  return cids;
}

export const encodeBlocks = (blocks: readonly (Uint8Array | null)[]): Uint8Array => encodeCbor([...blocks]);

/**
 * The blocks of an answer in the order asked: null for one that the peer lacks, undefined for one beyond the end of the answer.
 * Null when anything in it was not asked for.
 */
export function decodeBlocks(
  bytes: Uint8Array,
  asked: readonly Cid[],
  sha256: Sha256,
): readonly (Uint8Array | null | undefined)[] | null {
  const decoded = decodeCbor(bytes);
  if (!decoded.ok || !isList(decoded.value) || decoded.value.length > asked.length) return null;
  const given = decoded.value;
  const blocks: (Uint8Array | null | undefined)[] = [];
  for (const [index, cid] of asked.entries()) {
    const block = given[index];
    if (block === undefined || block === null) {
      blocks.push(block);
      continue;
    }
    if (!(block instanceof Uint8Array) || cidOf(block, codecOf(cid), sha256) !== cid) return null;
    blocks.push(block.slice());
  }
  return blocks;
}
