import type { ContentStore, Progress } from '@canswarm/ports';
import { type Cid, decodeCbor, encodeCbor, isMap, ownField } from '@canswarm/protocol';

/** Largest block of progress, bytes. */
const PROGRESS_BYTES_MAX = 512;

const count = (value: number): number => Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.trunc(value) || 0));

/** Puts how far work is into a block, for a HEARTBEAT or RENEW to name (`spec/04-verbs.md`, HEARTBEAT). */
export const publishProgress = (content: Pick<ContentStore, 'put'>, { done, total, note }: Progress): Promise<Cid> =>
  content.put(encodeCbor({ v: 1, kind: 'progress', done: count(done), total: count(total), note }), 'dag-cbor');

const isCount = (value: unknown): value is number => typeof value === 'number' && value >= 0;

/** Reads what a HEARTBEAT names; null when it is no progress. Rejects with a ContentError. It is the holder's word, nothing more. */
export async function readProgress(
  content: Pick<ContentStore, 'get'>,
  cid: Cid,
  deadlineMs: number,
): Promise<Progress | null> {
  const decoded = decodeCbor(await content.get(cid, { deadlineMs, maxBytes: PROGRESS_BYTES_MAX }));
  if (!decoded.ok || !isMap(decoded.value) || ownField(decoded.value, 'kind') !== 'progress') return null;
  const [done, total, note] = ['done', 'total', 'note'].map((key) => ownField(decoded.value as never, key));
  return isCount(done) && isCount(total) && typeof note === 'string' ? { done, total, note } : null;
}
