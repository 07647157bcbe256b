import type { Cid } from '../ids.ts';
import type { BlockSource, Missing } from './found.ts';

/** Blocks one walk may fetch unless told otherwise: 64 MiB of leaves. */
export const FETCHES_MAX = 4096;

export interface WithBlocks<Result> {
  readonly result: Result;
  /** Every block the last run of the step read: the proof that leads from the root to the result. */
  readonly touched: ReadonlyMap<Cid, Uint8Array>;
}

/**
 * Runs a synchronous walk over blocks that are somewhere else: whenever the step says `missing`, the block is fetched and the
 * step runs again. `fetch` re-hashes what it gets and throws when it cannot get it; that passes through. When `fetchesMax`
 * blocks were fetched and one more is missing, the result is that `missing`.
 */
export async function withBlocks<Result extends { readonly status: string }>(
  step: (get: BlockSource) => Result | Missing,
  fetch: (cid: Cid) => Promise<Uint8Array>,
  fetchesMax: number = FETCHES_MAX,
): Promise<WithBlocks<Result | Missing>> {
  const held = new Map<Cid, Uint8Array>();
  for (;;) {
    const touched = new Map<Cid, Uint8Array>();
    const result = step((cid) => {
      const bytes = held.get(cid);
      if (bytes !== undefined) touched.set(cid, bytes);
      return bytes;
    });
    const wanted = missingCid(result);
    if (wanted === undefined || held.has(wanted) || held.size >= fetchesMax) return { result, touched };
    held.set(wanted, await fetch(wanted));
  }
}

function missingCid(result: { readonly status: string; readonly cid?: Cid }): Cid | undefined {
  return result.status === 'missing' ? result.cid : undefined;
}
