import { type CarContents, type CarFault, readCar } from '@canswarm/content-fs';
import type { Cid } from '@canswarm/protocol';
import { type ProofContent, type ProofTask, proofRoots } from './proof-content.ts';
import { type ProofFault, proofFault } from './proof-fault.ts';
import { type WalkOptions, walkContent } from './walk-content.ts';

/** What the blocks of a proof say. */
export interface ProvenArtifacts {
  readonly ok: true;
  readonly blocks: ReadonlyMap<Cid, Uint8Array>;
  readonly content: ProofContent;
  /** Whether the inputs are there whole, besides what is cited of them. */
  readonly sources: boolean;
}

/**
 * Reads the CAR: canonical, each block re-hashed, each citation followed to the words, and in it all that a proof of this
 * task holds and nothing else, with the sources whole or without them.
 */
export function verifyArtifacts(
  bytes: Uint8Array,
  task: ProofTask,
  options: Omit<WalkOptions, 'includeSources'>,
): ProvenArtifacts | ProofFault {
  const car = readCar(bytes);
  if (!car.ok) return carFault(bytes, car);
  const due = proofRoots(task);
  const sameRoots = car.roots.length === due.length && car.roots.every((cid, index) => cid === due[index]);
  if (!sameRoots)
    return proofFault('artifacts', 'roots_other', 'it names other roots than need and commit', { block: 0 });
  const blocks = new Map(car.blocks.map((block) => [block.cid, block.bytes]));
  const least = readContent(blocks, task, { ...options, includeSources: false });
  if (!least.ok) return least;
  const sources = blocks.size > least.needed.size;
  const read = sources ? readContent(blocks, task, { ...options, includeSources: true }) : least;
  if (!read.ok) return surplusFault(car, least.needed, read);
  const extra = car.blocks.find(({ cid }) => !read.needed.has(cid));
  if (extra !== undefined) return proofFault('artifacts', 'block_extra', 'nothing leads to it', { cid: extra.cid });
  return { ok: true, blocks, content: read.content, sources };
}

function carFault(bytes: Uint8Array, fault: CarFault): ProofFault {
  switch (fault.code) {
    case 'block': {
      const where = { cid: fault.cid, block: fault.index + 1 };
      return proofFault('artifacts', 'hash_differs', 'its bytes are not what its CID names', where);
    }
    case 'malformed':
      return proofFault('artifacts', fault.code, fault.reason, { block: fault.index === null ? 0 : fault.index + 1 });
    case 'not_canonical': {
      const detail = `not spelled as a proof is, from byte ${fault.offset} on`;
      return proofFault('artifacts', fault.code, detail, { block: blockAt(bytes, fault.offset) });
    }
    default:
      return proofFault('artifacts', fault.code, fault.reason);
  }
}

/** Which frame of a CAR holds a byte: 0 for the header. Each begins with its length, seven bits a byte, lowest first. */
function blockAt(bytes: Uint8Array, offset: number): number {
  let [block, at] = [0, 0];
  for (; at < bytes.length; block += 1) {
    let length = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at] ?? 0;
      length += (byte & 0x7f) * shift;
      at += 1;
      if (byte < 0x80 || at >= bytes.length) break;
    }
    at += length;
    if (offset < at) return block;
  }
  return block;
}

type ReadContent = { readonly ok: true; readonly content: ProofContent; readonly needed: ReadonlySet<Cid> };

function readContent(
  blocks: ReadonlyMap<Cid, Uint8Array>,
  task: ProofTask,
  options: WalkOptions,
): ReadContent | ProofFault {
  const needed = new Set<Cid>();
  const walk = walkContent(task, options);
  let step = walk.next();
  while (step.done !== true) {
    const cid = step.value;
    const bytes = blocks.get(cid);
    if (bytes === undefined) return proofFault('artifacts', 'block_missing', 'the proof needs this block', { cid });
    needed.add(cid);
    step = walk.next(bytes);
  }
  const { value } = step;
  if (value.ok) return { ok: true, content: value, needed };
  return proofFault('artifacts', value.code, value.detail, { cid: value.cid });
}

/** There is more than the cited paths, and yet not the whole sources. */
function surplusFault({ blocks }: CarContents, needed: ReadonlySet<Cid>, missing: ProofFault): ProofFault {
  const extra = blocks.find(({ cid }) => !needed.has(cid));
  if (missing.code !== 'block_missing' || extra === undefined) return missing;
  const detail = `no citation needs it, and the sources are not whole: ${missing.cid} is missing`;
  return proofFault('artifacts', 'block_extra', detail, { cid: extra.cid });
}
