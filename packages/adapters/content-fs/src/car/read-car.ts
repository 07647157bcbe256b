import { CONTENT_BLOCK_BYTES_MAX } from '@canswarm/ports';
import { type Block, type Cid, cidFromBytes, decodeCbor, isList, isMap, Link, ownField } from '@canswarm/protocol';
import { matches } from '../check-block.ts';
import { CAR_BLOCKS_MAX, CAR_BYTES_MAX, CAR_ROOTS_MAX, type CarContents, type CarFault } from './car-format.ts';
import { writeCar } from './write-car.ts';

const CID_BYTES = 36;
/** Longest header: `CAR_ROOTS_MAX` links and the few bytes around them. */
const HEADER_BYTES_MAX = 4096;

/** Bytes [start, end) of the file. */
interface Frame {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a CAR file strictly: every block is re-hashed, and the file must be byte for byte what `writeCar` writes for its
 * contents, so that there is one file for one content. Whether these are the roots and blocks there must be is for the caller
 * to judge. The blocks are copies.
 */
export function readCar(bytes: Uint8Array): ({ readonly ok: true } & CarContents) | CarFault {
  if (bytes.length > CAR_BYTES_MAX) return tooLarge(`${bytes.length} bytes`);
  const header = frameAt(bytes, 0);
  if (typeof header === 'string') return malformed(null, header);
  if (header.end - header.start > HEADER_BYTES_MAX) return malformed(null, 'its header is too long');
  const roots = rootsOf(bytes.subarray(header.start, header.end));
  if (typeof roots === 'string') return malformed(null, roots);
  const blocks: Block[] = [];
  for (let at = header.end; at < bytes.length; ) {
    const index = blocks.length;
    if (index === CAR_BLOCKS_MAX) return tooLarge(`more than ${CAR_BLOCKS_MAX} blocks`);
    const frame = frameAt(bytes, at);
    if (typeof frame === 'string') return malformed(index, frame);
    const cid = frame.end - frame.start < CID_BYTES ? undefined : cidFromBytes(bytes, frame.start);
    if (cid === undefined) return malformed(index, 'it has no CID of this network');
    if (frame.end - frame.start > CID_BYTES + CONTENT_BLOCK_BYTES_MAX)
      return malformed(index, `a block has at most ${CONTENT_BLOCK_BYTES_MAX} bytes`);
    const block = { cid, bytes: bytes.slice(frame.start + CID_BYTES, frame.end) };
    if (!matches(cid, block.bytes)) return { ok: false, code: 'block', index, cid };
    blocks.push(block);
    at = frame.end;
  }
  const offset = firstDifference(bytes, writeCar(roots, blocks));
  return offset === null ? { ok: true, roots, blocks } : { ok: false, code: 'not_canonical', offset };
}

/** The frame whose length (a varint of at most four bytes) stands at `at`, or what is wrong with it. */
function frameAt(bytes: Uint8Array, at: number): Frame | string {
  let length = 0;
  for (let i = 0; i < 4; i += 1) {
    const byte = bytes[at + i];
    if (byte === undefined) return 'the file ends within a length';
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte >= 0x80) continue;
    const start = at + i + 1;
    return start + length <= bytes.length ? { start, end: start + length } : 'the file ends before its frame does';
  }
  return 'a length has more than four bytes';
}

/** The roots that a header names, or what is wrong with it. */
function rootsOf(header: Uint8Array): readonly Cid[] | string {
  const decoded = decodeCbor(header);
  if (!decoded.ok || !isMap(decoded.value)) return 'its header is no map of DAG-CBOR';
  if (ownField(decoded.value, 'version') !== 1) return 'its version is not 1';
  const links = ownField(decoded.value, 'roots');
  if (!isList(links) || links.length < 1 || links.length > CAR_ROOTS_MAX)
    return `it has not 1 to ${CAR_ROOTS_MAX} roots`;
  const roots = links.flatMap((link) => (link instanceof Link ? [link.cid] : []));
  return new Set(roots).size === links.length ? roots : 'its roots are not all different links';
}

function firstDifference(left: Uint8Array, right: Uint8Array): number | null {
  if (Buffer.compare(left, right) === 0) return null;
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i += 1) if (left[i] !== right[i]) return i;
  return shared;
}

const tooLarge = (reason: string): CarFault => ({ ok: false, code: 'too_large', reason });

const malformed = (index: number | null, reason: string): CarFault => ({ ok: false, code: 'malformed', index, reason });
