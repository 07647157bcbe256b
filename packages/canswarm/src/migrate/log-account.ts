import { apply, createState, stateRoot } from '@canswarm/kernel';
import type { DecisionLog, LogRecord } from '@canswarm/ports';
import { type Crypto, concat, createMemo, type Genesis, toHex, verifyEntry } from '@canswarm/protocol';
import { networkPolicies } from '../policy/network-policies.ts';

/** What a log comes to. Two logs with equal accounts hold the same bytes in the same order, and the law makes the same of them. */
export interface LogAccount {
  /** Records, and those of them that are entries. */
  readonly records: number;
  readonly entries: number;
  /** Hash over every record, in order, hex. */
  readonly hash: string;
  /** Running digest and state root after the last entry, hex. */
  readonly digest: string;
  readonly stateRoot: string;
}

/** Hands over every record of a log up to the head that it has now; resolves with that head's cursor. Rejects with a StorageError. */
export async function readRecords(
  log: DecisionLog,
  shard: string,
  onRecords: (records: readonly LogRecord[]) => void | Promise<void>,
): Promise<number> {
  const head = await log.head(shard);
  if (head === 0) return 0;
  const whole = Promise.withResolvers<void>();
  const reading = log.follow(shard, 0, async (records) => {
    const due = records.filter(({ cursor }) => cursor <= head);
    await onRecords(due);
    if ((records.at(-1)?.cursor ?? 0) >= head) whole.resolve();
  });
  reading.ended.then(() => whole.reject(new Error('the log was closed while it was read')), whole.reject);
  await whole.promise;
  await reading.close();
  return head;
}

/** Counts, hashes and applies records. */
class LogAccountant {
  readonly #crypto: Crypto;
  readonly #state: ReturnType<typeof createState>;
  #hash = new Uint8Array(32);
  #records = 0;

  constructor(genesis: Genesis, crypto: Crypto) {
    this.#crypto = crypto;
    this.#state = createState(genesis, crypto.sha256, networkPolicies);
  }

  take(records: readonly LogRecord[]): void {
    const { sha256 } = this.#crypto;
    for (const { bytes } of records) {
      this.#records += 1;
      this.#hash = new Uint8Array(sha256(concat([this.#hash, sha256(bytes)])));
      const read = verifyEntry(bytes, this.#crypto, createMemo());
      if (read.ok) apply(this.#state, read.entry, sha256, networkPolicies);
    }
  }

  get account(): LogAccount {
    const { position, digest } = this.#state;
    return {
      records: this.#records,
      entries: position,
      hash: toHex(this.#hash),
      digest: toHex(digest),
      stateRoot: stateRoot(this.#state, this.#crypto.sha256),
    };
  }
}

/** What a log comes to now, by reading and applying all of it; `onRecord` gets each of its records. Rejects with a StorageError. */
export async function accountOf(
  log: DecisionLog,
  shard: string,
  genesis: Genesis,
  crypto: Crypto,
  onRecord: (bytes: Uint8Array) => Promise<void> = async () => {},
): Promise<LogAccount> {
  const accountant = new LogAccountant(genesis, crypto);
  await readRecords(log, shard, async (records) => {
    accountant.take(records);
    for (const { bytes } of records) await onRecord(bytes);
  });
  return accountant.account;
}

/** The first thing in which two accounts differ, or null. */
export function differenceOf(a: LogAccount, b: LogAccount): keyof LogAccount | null {
  for (const name of ['records', 'entries', 'hash', 'digest', 'stateRoot'] as const)
    if (a[name] !== b[name]) return name;
  return null;
}
