import { type LogRecord, StorageError, type Store, type StoreOperation } from '@canswarm/ports';
import { decodeCbor, equalBytes, isList, parsePayload, utf8 } from '@canswarm/protocol';
import { LIFE } from './catch-up.ts';
import { CURSOR, ENTRY, entryKey, markOf, REFUSED, readMark, refusal } from './driver.ts';
import { SIGNED } from './outbox.ts';

const BATCH = 1_024;

/** How much of its log a node keeps where the log began another life without the rest. */
export interface Cut {
  /** Records that it keeps, and entries among them. */
  readonly records: number;
  readonly position: number;
  /** Running digest after them, hex. */
  readonly digest: string;
  /** Position that the log has come to: the node says nothing before it is there. */
  readonly end: number;
}

/** What a node's store holds of its own, apart from the records of its log. */
const isOfLog = (key: string): boolean => key === CURSOR || key.startsWith(ENTRY) || key.startsWith(REFUSED);

/**
 * Writes a node's store anew for a log that holds the same records in the same order under other cursors, or the first of them as a cut says. All
 * that the node remembers besides stays: what it signed, the hash chains it used, what opens its seals. So it wakes as after any restart. What
 * it signed as it saw more than a cut leaves is forgotten: it may sign another vote there, which the law tells from that.
 */
export class Rebase {
  readonly #to: Store;
  readonly #old: Iterator<readonly [string, Uint8Array]>;
  readonly #refused: ReadonlySet<string>;
  readonly #mark: ReturnType<typeof readMark>;
  readonly #cut: Cut | null;
  #taken = 0;
  #operations: StoreOperation[] = [];
  #cursor = 0;
  #isWhole: boolean;

  /** Throws a StorageError. `to` is empty. */
  constructor(from: Store, to: Store, cut: Cut | null = null) {
    this.#to = to;
    this.#cut = cut;
    this.#mark = cut?.records === 0 ? null : readMark(from.get(CURSOR));
    this.#refused = new Set([...from.scan(REFUSED)].map(([key]) => key));
    this.#old = from.scan(ENTRY)[Symbol.iterator]();
    this.#isWhole = this.#mark === null;
    for (const [key, value] of from.scan(''))
      if (!isOfLog(key) && !(cut !== null && sawBeyond(key, value, cut.position))) this.#put({ key, value });
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
      this.#taken += 1;
      this.#isWhole = this.#cut === null ? before === this.#mark.cursor : this.#taken === this.#cut.records;
    }
  }

  /** Ends it; then the new store is whole. Throws a StorageError `corrupt` where the log has less than the node took. */
  finish(): void {
    if (!this.#isWhole) throw other('it ends before what the node took');
    const [mark, cut] = [this.#mark, this.#cut];
    if (mark !== null)
      this.#put(
        markOf({ ...mark, cursor: this.#cursor, ...(cut === null ? {} : { digest: cut.digest, bytes: null }) }),
      );
    if (cut !== null) this.#put({ key: LIFE, value: utf8(String(cut.end)) });
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

/** Whether a node kept something that it, or who said it, signed as it saw more of the log than `position`. */
function sawBeyond(key: string, value: Uint8Array, position: number): boolean {
  if (!SIGNED.some((prefix) => key.startsWith(prefix))) return false;
  const parts = decodeCbor(value);
  const payload = parts.ok && isList(parts.value) && parts.value[0] instanceof Uint8Array ? parts.value[0] : value;
  const parsed = parsePayload(payload);
  return !parsed.ok || parsed.value.head.position > position;
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
