import { type Cid, type FileRef, LEAF_BYTES, readRange, withBlocks } from '@canswarm/protocol';
import type { FetchBlock } from './fetch-blocks.ts';

/** Leaves of one file asked for in one walk. */
const WINDOW_LEAVES = 16;

/** An artifact that cannot be read: what stands under its root is no sound tree or file. The fault of whoever made it. */
export class UnsoundArtifactError extends Error {
  override readonly name = 'UnsoundArtifactError';
  readonly cid: Cid;

  constructor(cid: Cid, message: string) {
    super(message);
    this.cid = cid;
  }
}

/**
 * Reads a file some leaves at a time: a walk starts again for every block it lacks, so a window bounds what it repeats. Rejects with
 * UnsoundArtifactError or ContentError.
 */
export async function readFile(file: FileRef, fetch: FetchBlock): Promise<Uint8Array> {
  const bytes = new Uint8Array(file.size);
  const window = WINDOW_LEAVES * LEAF_BYTES;
  for (let start = 0; start < Math.max(1, file.size); start += window) {
    const end = Math.min(file.size, start + window);
    const { result } = await withBlocks((get) => readRange(file, start, end, get), fetch);
    if (result.status !== 'found') throw new UnsoundArtifactError(file.cid, `the file ${file.cid} is ${result.status}`);
    bytes.set(result.bytes, start);
  }
  return bytes;
}
