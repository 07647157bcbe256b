import { type Clock, ContentError, type ContentStore } from '@canswarm/ports';

/** A content store that, asked for what it has not, lets whoever asks wait until the deadline, as a network would. */
export function withholdingContent(store: ContentStore, clock: Clock): ContentStore {
  return {
    put: (bytes, codec) => store.put(bytes, codec),
    putBlocks: (blocks) => store.putBlocks(blocks),
    has: (cid) => store.has(cid),
    pin: (root) => store.pin(root),
    unpin: (root) => store.unpin(root),
    gc: () => store.gc(),
    close: () => store.close(),
    async get(cid, options) {
      if (await store.has(cid)) return store.get(cid, options);
      await new Promise<void>((resolve) => clock.schedule(options.deadlineMs, resolve));
      throw new ContentError('deadline', cid, `nobody sent ${cid} in time`);
    },
  };
}
