import {
  assertBlockCount,
  assertBlockSize,
  assertGetOptions,
  ContentError,
  type ContentStore,
  linksOf,
  StorageError,
} from '@canswarm/ports';
import { type Block, type Cid, cidOf, codecOf, type Sha256 } from '@canswarm/protocol';

/**
 * A content store that lives in memory. Everything is there at once or not at all, so no deadline ever passes; there is no
 * grace period: `gc` sweeps whatever no pin reaches.
 */
export function memoryContent(sha256: Sha256): ContentStore {
  const blocks = new Map<Cid, Uint8Array>();
  const pins = new Set<Cid>();
  let closed = false;

  const assertOpen = (): void => {
    if (closed) throw new StorageError('closed', 'the content store is closed');
  };

  const assertMatches = ({ cid, bytes }: Block): void => {
    if (cidOf(bytes, codecOf(cid), sha256) !== cid) {
      throw new ContentError('corrupt', cid, `these bytes do not hash to ${cid}`);
    }
  };

  const reachable = (): ReadonlySet<Cid> => {
    const reached = new Set(pins);
    // A Set iterates over what is added while it iterates, so this walks the whole graph, each block once.
    for (const cid of reached) {
      const bytes = blocks.get(cid);
      if (bytes !== undefined) for (const link of linksOf({ cid, bytes })) reached.add(link);
    }
    return reached;
  };

  return {
    async put(bytes, codec) {
      assertOpen();
      assertBlockSize(bytes);
      const cid = cidOf(bytes, codec, sha256);
      blocks.set(cid, bytes.slice());
      return cid;
    },
    async putBlocks(given) {
      assertOpen();
      assertBlockCount(given.length);
      for (const block of given) {
        assertBlockSize(block.bytes);
        assertMatches(block);
      }
      for (const { cid, bytes } of given) blocks.set(cid, bytes.slice());
    },
    async get(cid, options) {
      assertOpen();
      assertGetOptions(options);
      const bytes = blocks.get(cid);
      if (bytes === undefined) throw new ContentError('not_found', cid, `no block ${cid}`);
      if (bytes.length > options.maxBytes) {
        throw new ContentError('too_large', cid, `${cid} has ${bytes.length} bytes, more than ${options.maxBytes}`);
      }
      assertMatches({ cid, bytes });
      return bytes.slice();
    },
    async has(cid) {
      assertOpen();
      return blocks.has(cid);
    },
    async pin(root) {
      assertOpen();
      pins.add(root);
    },
    async unpin(root) {
      assertOpen();
      pins.delete(root);
    },
    async gc() {
      assertOpen();
      const kept = reachable();
      let removed = 0;
      for (const cid of blocks.keys()) {
        if (kept.has(cid)) continue;
        blocks.delete(cid);
        removed += 1;
      }
      return { removed };
    },
    async close() {
      closed = true;
      blocks.clear();
    },
  };
}
