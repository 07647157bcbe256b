import type { ShardLayout } from '../layout.ts';
import type { Compare, Operation, TxnRequest } from '../wire/requests.ts';

/**
 * Operations of one level of a nested transaction. etcd allows 128 along a path (`--max-txn-ops`): the group and up to 32 chunks,
 * or pieces of parts, at the first level, 32 entries at the second, one put at the third.
 */
const CHUNK = 32;

/** A group that is ready to be written. */
export interface Group {
  readonly name: string;
  readonly value: Uint8Array;
  /** Of its entries, in order. */
  readonly hashes: readonly Uint8Array[];
  /** How many parts were put down for it beforehand. */
  readonly parts: number;
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
