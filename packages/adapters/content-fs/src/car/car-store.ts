import { CONTENT_BLOCK_BYTES_MAX, type ContentStore, linksOf } from '@canswarm/ports';
import type { Block, Cid } from '@canswarm/protocol';
import { forEachBounded } from '../bounded.ts';
import { CAR_BLOCKS_MAX, type CarContents, type CarFault } from './car-format.ts';
import { readCar } from './read-car.ts';
import { writeCar } from './write-car.ts';

/** Blocks read at once. */
const LANES = 16;

export interface ExportCarOptions {
  /** The blocks to write. Default: everything the roots reach. */
  readonly blocks?: Iterable<Cid>;
  /** How long one block may take, in milliseconds. Default 10 000. */
  readonly deadlineMs?: number;
}

/**
 * A CAR file of blocks from the store. Rejects as `ContentStore.get` does when one is missing or damaged, and with RangeError
 * beyond the limits of a CAR file.
 */
export async function exportCar(
  store: ContentStore,
  roots: readonly Cid[],
  { blocks, deadlineMs = 10_000 }: ExportCarOptions = {},
): Promise<Uint8Array> {
  const found = new Map<Cid, Block>();
  const collect = async (cid: Cid): Promise<void> => {
    const bytes = await store.get(cid, { deadlineMs, maxBytes: CONTENT_BLOCK_BYTES_MAX });
    found.set(cid, { cid, bytes });
    if (found.size > CAR_BLOCKS_MAX) throw new RangeError(`a CAR has at most ${CAR_BLOCKS_MAX} blocks`);
  };
  if (blocks !== undefined) {
    await forEachBounded(new Set(blocks), LANES, collect);
    return writeCar(roots, found.values());
  }
  let level: readonly Cid[] = roots;
  while (level.length > 0) {
    await forEachBounded(level, LANES, collect);
    const next = new Set(level.flatMap((cid) => linksIn(found.get(cid))));
    level = [...next].filter((cid) => !found.has(cid));
  }
  return writeCar(roots, found.values());
}

const linksIn = (block: Block | undefined): readonly Cid[] => (block === undefined ? [] : linksOf(block));

/** Puts the blocks of a CAR file into the store, if `readCar` takes it; otherwise stores nothing and says why. */
export async function importCar(
  store: ContentStore,
  bytes: Uint8Array,
): Promise<({ readonly ok: true } & CarContents) | CarFault> {
  const read = readCar(bytes);
  if (read.ok) await store.putBlocks(read.blocks);
  return read;
}
