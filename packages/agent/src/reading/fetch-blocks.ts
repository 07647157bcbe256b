import type { ContentStore } from '@canswarm/ports';
import { BLOCK_BYTES_MAX, type Cid } from '@canswarm/protocol';

/** How long one block may take, in milliseconds. */
const BLOCK_DEADLINE_MS = 10_000;

/** Gets a block by its CID, re-hashed by the store. Rejects with ContentError, or the signal's reason once it is aborted. */
export type FetchBlock = (cid: Cid) => Promise<Uint8Array>;

/** Fetches blocks of artifacts from a store: none may be larger than 16 KiB. */
export function blockFetcher(store: ContentStore, signal?: AbortSignal): FetchBlock {
  return async (cid) => {
    signal?.throwIfAborted();
    return await store.get(cid, { deadlineMs: BLOCK_DEADLINE_MS, maxBytes: BLOCK_BYTES_MAX });
  };
}

/** The same, but a block that was fetched once is not fetched again. For small sets: nothing is ever let go. */
export function keepingFetcher(fetch: FetchBlock): FetchBlock {
  const kept = new Map<Cid, Promise<Uint8Array>>();
  return (cid) => {
    const known = kept.get(cid) ?? fetch(cid);
    kept.set(cid, known);
    return known;
  };
}
