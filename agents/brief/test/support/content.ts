import { ContentError, type ContentStore } from '@canswarm/ports';
import { type Cid, cidOf, codecOf } from '@canswarm/protocol';
import { sha256 } from './sha256.ts';

/** A content store in memory that also says what was read and can lose a block. */
export interface TestContent extends ContentStore {
  readonly reads: Cid[];
  lose(cid: Cid): void;
}

export function testContent(): TestContent {
  const blocks = new Map<Cid, Uint8Array>();
  const reads: Cid[] = [];
  return {
    reads,
    lose: (cid) => {
      blocks.delete(cid);
    },
    put: async (bytes, codec) => {
      const cid = cidOf(bytes, codec, sha256);
      blocks.set(cid, bytes.slice());
      return cid;
    },
    putBlocks: async (given) => {
      for (const { cid, bytes } of given) {
        if (cidOf(bytes, codecOf(cid), sha256) !== cid) throw new ContentError('corrupt', cid, 'other bytes');
      }
      for (const { cid, bytes } of given) blocks.set(cid, bytes.slice());
    },
    get: async (cid, { maxBytes }) => {
      reads.push(cid);
      const bytes = blocks.get(cid);
      if (bytes === undefined) throw new ContentError('not_found', cid, 'no such block');
      if (bytes.length > maxBytes) throw new ContentError('too_large', cid, 'too large');
      return bytes.slice();
    },
    has: async (cid) => blocks.has(cid),
    pin: async () => undefined,
    unpin: async () => undefined,
    gc: async () => ({ removed: 0 }),
    close: async () => undefined,
  };
}
