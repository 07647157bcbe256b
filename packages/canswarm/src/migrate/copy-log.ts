import { type DecisionLog, LOG_APPEND_MAX } from '@canswarm/ports';
import { type Crypto, equalBytes } from '@canswarm/protocol';
import { HostError } from '../host/host-error.ts';
import { readRecords } from './log-account.ts';

/** Most bytes that are appended at once: what any engine takes. */
export const BYTES_AT_ONCE = 1_048_576;

/** What copying a log came to. */
export interface Copied {
  /** Records that the target had already. */
  readonly found: number;
  readonly copied: number;
}

/**
 * Appends to a log what another has beyond it. What the target holds must be how the other begins, so a copy that was interrupted goes on
 * where it ended, and a log of another network is never added to. Rejects with a HostError `log_other`, or a StorageError.
 */
export async function copyLog(
  from: DecisionLog,
  to: DecisionLog,
  shard: string,
  { sha256 }: Pick<Crypto, 'sha256'>,
  onProgress: (records: number) => void,
): Promise<Copied> {
  const kept: Uint8Array[] = [];
  await readRecords(to, shard, (records) => void kept.push(...records.map(({ bytes }) => sha256(bytes))));
  let number = 0;
  let copied = 0;
  let batch: Uint8Array[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    await to.append(shard, batch);
    copied += batch.length;
    [batch, size] = [[], 0];
    onProgress(number);
  };
  await readRecords(from, shard, async (records) => {
    for (const { bytes } of records) {
      const before = kept[number];
      number += 1;
      if (before !== undefined) {
        if (!equalBytes(before, sha256(bytes))) throw otherLog(`its record ${number} is another`);
        continue;
      }
      if (batch.length >= LOG_APPEND_MAX || size + bytes.length > BYTES_AT_ONCE) await flush();
      batch.push(bytes);
      size += bytes.length;
    }
    await flush();
  });
  if (kept.length > number) throw otherLog(`it holds ${kept.length} records, and the log that is copied ${number}`);
  return { found: kept.length, copied };
}

export const otherLog = (what: string): HostError =>
  new HostError(
    'log_other',
    `the log there is not a beginning of this network's: ${what}`,
    'Nothing was switched. Name an empty place, or remove what lies there if nobody needs it.',
  );
