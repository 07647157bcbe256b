import { type LogRecord, StorageError, type Store, type StoreOperation } from '@canswarm/ports';
import { equalBytes, utf8 } from '@canswarm/protocol';
import { CURSOR, ENTRY, entryKey, REFUSED, readMark, refusal } from './driver.ts';

const BATCH = 1_024;

/** What a node's store holds of its own, apart from the records of its log. */
const isOfLog = (key: string): boolean => key === CURSOR || key.startsWith(ENTRY) || key.startsWith(REFUSED);

/**
 * Writes a node's store anew for a log that holds the same records in the same order under other cursors. All that the node remembers
 * besides stays: what it signed, the hash chains it used, what opens its seals. So it wakes as after any restart.
 */
export class Rebase {
  readonly #to: Store;
  readonly #old: Iterator<readonly [string, Uint8Array]>;
  readonly #refused: ReadonlySet<string>;
  readonly #mark: ReturnType<typeof readMark>;
  #operations: StoreOperation[] = [];
  #cursor = 0;
  #isWhole: boolean;

  /** Throws a StorageError. `to` is empty. */
  constructor(from: Store, to: Store) {
    this.#to = to;
    this.#mark = readMark(from.get(CURSOR));
    this.#refused = new Set([...from.scan(REFUSED)].map(([key]) => key));
    this.#old = from.scan(ENTRY)[Symbol.iterator]();
    this.#isWhole = this.#mark === null;
    for (const [key, value] of from.scan('')) if (!isOfLog(key)) this.#put({ key, value });
  }

  /** Takes the next records of the new log. Throws a StorageError `corrupt` where the node had another. */
  take(records: readonly LogRecord[]): void {
    for (const { cursor, bytes } of records) {
      if (this.#isWhole || this.#mark === null) return;
      const next = this.#old.next();
      if (next.done === true) throw other('it lacks records that the node took');
      const [key, value] = next.value;
      const before = Number(key.slice(ENTRY.length));
      if (before > this.#mark.cursor || !equalBytes(value, bytes)) throw other(`its record ${cursor} is another`);
      this.#put({ key: entryKey(cursor), value });
      if (this.#refused.has(refusal(before).key)) this.#put(refusal(cursor));
      this.#cursor = cursor;
      this.#isWhole = before === this.#mark.cursor;
    }
  }

  /** Ends it; then the new store is whole. Throws a StorageError `corrupt` where the log has less than the node took. */
  finish(): void {
    if (!this.#isWhole) throw other('it ends before what the node took');
    if (this.#mark !== null) this.#put({ key: CURSOR, value: utf8(`${this.#cursor} ${this.#mark.digest}`) });
    this.#flush(true);
  }

  #put(operation: StoreOperation): void {
    this.#operations.push(operation);
    if (this.#operations.length >= BATCH) this.#flush(false);
  }

  #flush(sync: boolean): void {
    this.#to.batch(this.#operations, { sync });
    this.#operations = [];
  }
}

const other = (what: string): StorageError =>
  new StorageError('corrupt', `the log is not the one that the node followed: ${what}`);

/** The records of its log that a node has taken and judged, in order, by the cursors that they had. Throws a StorageError. */
export function* takenRecords(store: Store): Iterable<LogRecord> {
  const mark = readMark(store.get(CURSOR));
  if (mark === null) return;
  for (const [key, bytes] of store.scan(ENTRY)) {
    const cursor = Number(key.slice(ENTRY.length));
    if (cursor > mark.cursor) return;
    yield { cursor, bytes };
  }
}
