import { ContentError, type ContentErrorCode, type ContentStore } from '@canswarm/ports';
import type { FromThread } from './messages.ts';

/** Blocks that a thread asked its runner for and that did not come yet. */
export class Fetched {
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();
  #last = 0;

  /** A new number to ask under, and the promise of its end. */
  next(): { readonly id: number; readonly came: Promise<void> } {
    this.#last += 1;
    const settled = Promise.withResolvers<void>();
    this.#waiting.set(this.#last, settled);
    return { id: this.#last, came: settled.promise };
  }

  settle(id: number, failed: { readonly code: ContentErrorCode; readonly message: string } | null): void {
    const settled = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (failed === null) settled?.resolve();
    else settled?.reject(new ContentError(failed.code, null, failed.message));
  }
}

/** The thread's own store; what it lacks the runner is asked for, which puts it there. */
export function fetchingContent(
  local: ContentStore,
  post: (message: FromThread) => void,
  fetched: Fetched,
): ContentStore {
  return {
    ...methodsOf(local),
    async get(cid, options) {
      try {
        return await local.get(cid, options);
      } catch (error) {
        if (!(error instanceof ContentError) || error.code !== 'not_found') throw error;
      }
      const { id, came } = fetched.next();
      post({ kind: 'fetch', id, cid, options });
      await came;
      return local.get(cid, options);
    },
  };
}

const methodsOf = (store: ContentStore): ContentStore => ({
  put: (bytes, codec) => store.put(bytes, codec),
  putBlocks: (blocks) => store.putBlocks(blocks),
  get: (cid, options) => store.get(cid, options),
  has: (cid) => store.has(cid),
  pin: (root) => store.pin(root),
  unpin: (root) => store.unpin(root),
  gc: () => store.gc(),
  close: () => store.close(),
});
