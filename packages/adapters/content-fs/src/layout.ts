import { join } from 'node:path';
import { StorageError } from '@canswarm/ports';
import { type Cid, parseCid } from '@canswarm/protocol';

/**
 * What lies where in the store's folder:
 *
 *     format              one line, the version of this layout
 *     blocks/<x>/<cid>    the bytes of a block; <x> is the last character but one of its CID
 *     pins/<cid>          an empty file for each pinned root
 *     tmp/                what is being written
 *
 * 32 folders keep each small up to millions of blocks; more would cost new stores more than they save (making a folder takes
 * several times as long as writing a block).
 */
export interface Layout {
  readonly format: string;
  readonly blocks: string;
  readonly pins: string;
  readonly temporary: string;
  /** Folder of the block. The last character of a CID holds two bits only, so the one before it is taken. */
  shardOf(cid: Cid): string;
  blockOf(cid: Cid): string;
  pinOf(cid: Cid): string;
}

export function layoutOf(dir: string): Layout {
  const [blocks, pins] = [join(dir, 'blocks'), join(dir, 'pins')];
  const shardOf = (cid: Cid): string => join(blocks, fileName(cid).slice(-2, -1));
  return {
    format: join(dir, 'format'),
    blocks,
    pins,
    temporary: join(dir, 'tmp'),
    shardOf,
    blockOf: (cid) => join(shardOf(cid), cid),
    pinOf: (cid) => join(pins, fileName(cid)),
  };
}

/** The CID once it is certain that it is one: anything else must not become part of a path. */
function fileName(cid: Cid): string {
  if (parseCid(cid) === undefined) throw new StorageError('invalid', 'this is no CID of this network');
  return cid;
}
