import {
  assertGetOptions,
  type Clock,
  ContentError,
  type ContentGetOptions,
  type ContentStore,
  type Transport,
} from '@canswarm/ports';
import type { Cid, Sha256 } from '@canswarm/protocol';
import { Fetcher } from './fetcher.ts';
import { blockServer } from './server.ts';
import { BLOCKS_PROTOCOL } from './wire.ts';

export interface PeerContentOptions {
  /** What this node keeps; blocks of peers are put into it. */
  readonly local: ContentStore;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly sha256: Sha256;
}

/**
 * A content store that fetches from peers what the local one lacks, and serves peers what it has. `has`, pins and `gc` are the
 * local store's. A `get` of what nobody has now waits until its deadline: who has it may still come. Closing it closes the
 * local store; the transport stays open.
 */
export function peerContent({ local, transport, clock, sha256 }: PeerContentOptions): ContentStore {
  const fetcher = new Fetcher({ local, transport, clock, sha256 });
  const stopServing = transport.serve(BLOCKS_PROTOCOL, blockServer(local, clock));

  const get = async (cid: Cid, options: ContentGetOptions): Promise<Uint8Array> => {
    assertGetOptions(options);
    const startedAt = clock.now();
    try {
      return await local.get(cid, options);
    } catch (error) {
      if (!(error instanceof ContentError) || error.code !== 'not_found') throw error;
    }
    await fetcher.fetch(cid, Math.max(1, options.deadlineMs - (clock.now() - startedAt)));
    return local.get(cid, options);
  };

  return {
    get,
    put: (bytes, codec) => local.put(bytes, codec),
    putBlocks: (blocks) => local.putBlocks(blocks),
    has: (cid) => local.has(cid),
    pin: (root) => local.pin(root),
    unpin: (root) => local.unpin(root),
    gc: () => local.gc(),
    async close() {
      stopServing();
      fetcher.close();
      await local.close();
    },
  };
}
