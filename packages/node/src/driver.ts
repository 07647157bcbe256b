import { type Applied, apply, createState, type State } from '@canswarm/kernel';
import type { LogRecord, Meter, Store } from '@canswarm/ports';
import { type Crypto, type Genesis, type Memo, type VerifiedEntry, verifyEntry } from '@canswarm/protocol';
import { SelectiveMemo } from './selective-memo.ts';

const ENTRY = 'entry/';
const CURSOR = 'cursor';

/** An entry as it was applied here. */
export interface AppliedEntry extends Applied {
  readonly entry: VerifiedEntry;
}

export interface DriverOptions {
  readonly genesis: Genesis;
  readonly crypto: Crypto;
  /** What this node verified of gossip; entries add nothing to it. */
  readonly memo: Memo;
  readonly store: Store;
  /** Counts `log.verified`: entries of which every signature was checked here. */
  readonly meter: Meter;
  /** Step 4: called once for each applied entry, in order. */
  onApplied(applied: AppliedEntry): void;
  /** Called once for each entry applied again by `recover`, in order. */
  onRecovered(applied: AppliedEntry): void;
  /** A record that is no entry: it has no position. */
  onRefused(cursor: number, code: string): void;
}

/**
 * Turns log records into state, in an order that a crash between any two steps cannot harm: 1 persist the records,
 * 2 apply, 3 persist the cursor, 4 publish events, 5 run duties (the caller's). After a crash the records persisted
 * are applied again from the genesis, and the log is followed from the cursor: what was persisted twice is skipped by
 * its cursor.
 *
 * Invariant: cursor <= last persisted record <= the log's head.
 */
export class Driver {
  readonly state: State;
  readonly #options: DriverOptions;
  readonly #memo: SelectiveMemo;
  #cursor = 0;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#memo = new SelectiveMemo(options.memo);
    this.state = createState(options.genesis, options.crypto.sha256);
  }

  /** Cursor of the last record taken. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Every record persisted so far, in order. */
  *records(): Iterable<LogRecord> {
    for (const [key, bytes] of this.#options.store.scan(ENTRY))
      yield { cursor: Number(key.slice(ENTRY.length)), bytes };
  }

  /** Applies what an earlier life persisted; returns how many records there were. */
  recover(): number {
    let count = 0;
    for (const { cursor, bytes } of this.records()) {
      this.#cursor = cursor;
      const applied = this.#apply(cursor, bytes);
      if (applied !== null) this.#options.onRecovered(applied);
      count += 1;
    }
    return count;
  }

  /** Takes records in cursor order. */
  take(records: readonly LogRecord[]): void {
    const fresh = records.filter((record) => record.cursor > this.#cursor);
    if (fresh.length === 0) return;
    const { store } = this.#options;
    // 1 persist the records
    store.batch(
      fresh.map(({ cursor, bytes }) => ({ key: entryKey(cursor), value: bytes })),
      { sync: false },
    );
    // 2 apply
    const applied: AppliedEntry[] = [];
    for (const { cursor, bytes } of fresh) {
      const done = this.#apply(cursor, bytes);
      if (done !== null) applied.push(done);
      this.#cursor = cursor;
    }
    // 3 persist the cursor
    store.batch([{ key: CURSOR, value: new TextEncoder().encode(String(this.#cursor)) }], { sync: false });
    // 4 publish events
    for (const entry of applied) this.#options.onApplied(entry);
  }

  #apply(cursor: number, bytes: Uint8Array): AppliedEntry | null {
    const { crypto, meter } = this.#options;
    const verified = verifyEntry(bytes, crypto, this.#memo);
    this.#memo.clear();
    if (!verified.ok) {
      this.#options.onRefused(cursor, verified.code);
      return null;
    }
    meter.add('log.verified', 1);
    return { ...apply(this.state, verified.entry, crypto.sha256), entry: verified.entry };
  }
}

/** Keys sort as numbers do. */
const entryKey = (cursor: number): string => `${ENTRY}${String(cursor).padStart(16, '0')}`;
