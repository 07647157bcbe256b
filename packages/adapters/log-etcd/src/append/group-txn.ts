import type { ShardLayout } from '../layout.ts';
import type { Compare, Operation, TxnRequest } from '../wire/requests.ts';

/**
 * Operations of one level of a nested transaction. etcd allows 128 along a path (`--max-txn-ops`): the group and up to 32 chunks,
 * or pieces of parts, at the first level, 32 entries at the second, one put at the third.
 */
const CHUNK = 32;
/** Entries of a group that a transaction of one level takes: their hashes are compared beside three conditions of 128. */
export const NEW_ENTRIES_MAX = 120;

/** A group that is ready to be written. */
export interface Group {
  readonly name: string;
  readonly value: Uint8Array;
  /** Of its entries, in order. */
  readonly hashes: readonly Uint8Array[];
  /** How many parts were put down for it beforehand. */
  readonly parts: number;
}

/** Whether a group may be added by `newGroupTxn`. */
export const maySupposeNew = ({ hashes, parts }: Group): boolean => hashes.length <= NEW_ENTRIES_MAX && parts === 0;

/**
 * Adds the group as `groupTxn` does, if besides none of its entries is in the shard yet. Of one level, it costs the cluster half as much,
 * and most groups are new. One that `maySupposeNew` only.
 */
export function newGroupTxn(
  layout: ShardLayout,
  format: Compare & { key: Uint8Array },
  page: number,
  group: Group,
): TxnRequest {
  const { compare, success, failure } = groupTxn(layout, format, page, { ...group, hashes: [] });
  const keys = group.hashes.map((hash) => layout.hash(hash));
  return {
    compare: [...compare, ...keys.map((absent) => ({ absent }))],
    success: [...success, ...keys.map((key) => ({ put: { key } }))],
    failure,
  };
}

/**
 * Adds the group if the log has our format and the page is the last one and has no such group yet. Entries that are in the
 * shard already are marked instead of being added, so nothing is read first and no writer waits for another. When a condition
 * fails, the answer says the format, the last page and whether the group is there.
 */
export function groupTxn(
  layout: ShardLayout,
  format: Compare & { key: Uint8Array },
  page: number,
  group: Group,
): TxnRequest {
  const key = layout.group(page, group.name);
  const entries = group.hashes.map((hash, index): Operation => {
    const at = layout.hash(hash);
    return {
      txn: {
        compare: [{ absent: at }],
        success: [{ put: { key: at } }],
        failure: [{ put: { key: layout.mark(page, group.name, index) } }],
      },
    };
  });
  // A part loses its lease, so that it stays; when it is gone, the whole transaction fails.
  const parts = Array.from({ length: group.parts }, (_, part): Operation => {
    return { put: { key: layout.part(group.name, part), ignoreValue: true } };
  });
  const success = [{ put: { key, value: group.value } }, ...chunked(entries), ...chunked(parts)];
  return {
    compare: [format, { absent: layout.page(page + 1) }, { absent: key }],
    success,
    failure: [
      { range: { key: format.key } },
      { range: { ...layout.pages, limit: 1, descending: true, keysOnly: true } },
      { range: { key, keysOnly: true } },
    ],
  };
}

function chunked(operations: readonly Operation[]): readonly Operation[] {
  const chunks: Operation[] = [];
  for (let from = 0; from < operations.length; from += CHUNK) {
    chunks.push({ txn: { compare: [], success: operations.slice(from, from + CHUNK), failure: [] } });
  }
  return chunks;
}
