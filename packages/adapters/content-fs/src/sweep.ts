import { CONTENT_BLOCK_BYTES_MAX, linksOf } from '@canswarm/ports';
import { type Cid, codecOf } from '@canswarm/protocol';
import type { BlockFiles } from './block-files.ts';
import { forEachBounded } from './bounded.ts';

/** Leftovers of writers that died are removed when they are this old. */
const TEMPORARY_MS = 3_600_000;

/** Files open at once. */
const LANES = 16;

export interface SweepOptions {
  readonly files: BlockFiles;
  readonly pins: () => Promise<readonly Cid[]>;
  /** Blocks written less than this ago stay. */
  readonly graceMs: number;
  readonly nowMs: number;
}

/**
 * Removes the blocks that no pin reaches and gives their number. A pinned block that is damaged stops the sweep (ContentError
 * `corrupt`) before anything is removed: what it linked to cannot be known.
 */
export async function sweep({ files, pins, graceMs, nowMs }: SweepOptions): Promise<number> {
  const kept = new Set<Cid>();
  await reach(files, await pins(), kept);
  // Other handles may have pinned something meanwhile.
  await reach(files, await pins(), kept);
  const doomed: Cid[] = [];
  for await (const { cid, writtenMs } of files.list()) {
    if (!kept.has(cid) && writtenMs <= nowMs - graceMs) doomed.push(cid);
  }
  await forEachBounded(doomed, LANES, (cid) => files.remove(cid));
  await files.removeTemporary(nowMs - TEMPORARY_MS);
  return doomed.length;
}

/** Adds everything the roots reach, level by level. Blocks that are not here are passed over. */
async function reach(files: BlockFiles, roots: readonly Cid[], reached: Set<Cid>): Promise<void> {
  let level = roots.filter((cid) => !reached.has(cid));
  while (level.length > 0) {
    for (const cid of level) reached.add(cid);
    const next = new Set<Cid>();
    const nodes = level.filter((cid) => codecOf(cid) !== 'raw');
    await forEachBounded(nodes, LANES, async (cid) => {
      const bytes = await files.read(cid, CONTENT_BLOCK_BYTES_MAX);
      for (const link of bytes === null ? [] : linksOf({ cid, bytes })) next.add(link);
    });
    level = [...next].filter((cid) => !reached.has(cid));
  }
}
