import { ContentError, type ContentStore } from '@canswarm/ports';
import { type Block, type Cid, cidOf, codecOf } from '@canswarm/protocol';
import { sha256 } from './sha256.ts';

/** A content store in memory whose blocks can be looked at. */
export interface TestContent extends ContentStore {
  readonly held: ReadonlyMap<Cid, Uint8Array>;
}

export function testContent(): TestContent {
  const held = new Map<Cid, Uint8Array>();
  const putBlocks = async (blocks: readonly Block[]): Promise<void> => {
    for (const { cid, bytes } of blocks) {
      if (cidOf(bytes, codecOf(cid), sha256) !== cid) throw new ContentError('corrupt', cid, 'other bytes');
    }
    for (const { cid, bytes } of blocks) held.set(cid, bytes.slice());
  };
  return {
    held,
    putBlocks,
    put: async (bytes, codec) => {
      const cid = cidOf(bytes, codec, sha256);
      held.set(cid, bytes.slice());
      return cid;
    },
    get: async (cid, { maxBytes }) => {
      const bytes = held.get(cid);
      if (bytes === undefined) throw new ContentError('not_found', cid, 'no such block');
      if (bytes.length > maxBytes) throw new ContentError('too_large', cid, 'too large');
      return bytes.slice();
    },
    has: async (cid) => held.has(cid),
    pin: async () => undefined,
    unpin: async () => undefined,
    gc: async () => ({ removed: 0 }),
    close: async () => undefined,
  };
}
