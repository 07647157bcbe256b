import { type Clock, CONTENT_BLOCK_BYTES_MAX, type ContentStore, type RequestHandler } from '@canswarm/ports';
import { ANSWER_BYTES, decodeAsked, encodeBlocks } from './wire.ts';

/** Bytes a peer may get at once, and how many it regains a second. */
const BURST_BYTES = 64 * 1024 * 1024;
const BYTES_PER_SECOND = 16 * 1024 * 1024;
const PEERS_MAX = 1_024;
/** How long reading one block may take, ms. */
const READ_MS = 5_000;

interface Budget {
  left: number;
  at: number;
}

/** Answers requests for blocks from the local store; a peer that asks for too much too fast is refused for a while. */
export function blockServer(local: ContentStore, clock: Clock): RequestHandler {
  const budgets = new Map<string, Budget>();

  const budgetOf = (peer: string): Budget => {
    const now = clock.now();
    const { left, at } = budgets.get(peer) ?? { left: BURST_BYTES, at: now };
    const budget = { left: Math.min(BURST_BYTES, left + ((now - at) * BYTES_PER_SECOND) / 1_000), at: now };
    budgets.delete(peer);
    budgets.set(peer, budget);
    const [oldest] = budgets.keys();
    if (budgets.size > PEERS_MAX && oldest !== undefined) budgets.delete(oldest);
    return budget;
  };

  return async (request, from) => {
    const asked = decodeAsked(request);
    const budget = budgetOf(from);
    if (asked === null || budget.left <= 0) return null;
    const blocks: (Uint8Array | null)[] = [];
    let bytes = 0;
    for (const cid of asked) {
      if (bytes >= ANSWER_BYTES) break;
      const limits = { deadlineMs: READ_MS, maxBytes: CONTENT_BLOCK_BYTES_MAX };
      const block = await local.get(cid, limits).catch(() => null);
      blocks.push(block);
      bytes += block?.length ?? 0;
    }
    budget.left -= bytes;
    return encodeBlocks(blocks);
  };
}
