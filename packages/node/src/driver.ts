import { type Applied, apply, createState, type LoadPolicy, type State } from '@canswarm/kernel';
import { type LogRecord, type Meter, StorageError, type Store, type StoreOperation } from '@canswarm/ports';
import {
  type Crypto,
  concat,
  createMemo,
  type EntryVerdict,
  equalBytes,
  type Genesis,
  key32,
  type Memo,
  toHex,
  utf8,
  type VerifiedEntry,
  verifyEntry,
} from '@canswarm/protocol';
import { SelectiveMemo } from './selective-memo.ts';
import type { Verified } from './verified.ts';

export const ENTRY = 'entry/';
/** Records that turned out to be no entries. */
export const REFUSED = 'refused/';
/** Cursor of the last record applied, the running digest after it, and that of the entries' bytes alone. */
export const CURSOR = 'cursor';

/** An entry as it was applied here. */
export interface AppliedEntry extends Applied {
  readonly entry: VerifiedEntry;
}

export interface DriverOptions {
  readonly genesis: Genesis;
  readonly crypto: Crypto;
  /** Null: the network has no policy. */
  readonly policies: LoadPolicy | null;
  /** What this node verified of gossip; entries add nothing to it. */
  readonly memo: Memo;
  readonly verified: Verified | null;
  readonly store: Store;
  /** Counts `log.verified`: entries of which every signature was checked here; `log.judged_otherwise`: lives that judged what was kept otherwise. */
  readonly meter: Meter;
  /** Called before an entry is applied for the first time. */
  onApplying(entry: VerifiedEntry): void;
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
 * its cursor. Signatures that were checked before the cursor was persisted are not checked again: the running digest, which
 * covers every byte and outcome, shows whether these are the same records. Where a policy holds, its engine has a part in outcomes, and another
 * engine may be right: then the digest of the bytes alone shows it, and this life's outcomes count (`spec/13-policy.md`, votes).
 *
 * Invariant: cursor <= last persisted record <= the log's head.
 */
export class Driver {
  readonly state: State;
  readonly #options: DriverOptions;
  readonly #memo: SelectiveMemo;
  #cursor = 0;
  /** The cursor before it: engines know only cursors that they gave. */
  #after = 0;
  /** Running digest of the bytes of all entries. */
  #bytes: Uint8Array = new Uint8Array();
  /** Whether the log was seen to hold the last record that an earlier life of this node took. */
  #isAnchored = true;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#memo = new SelectiveMemo(options.memo, options.verified);
    this.state = createState(options.genesis, options.crypto.sha256, options.policies);
  }

  /** Cursor of the last record taken. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Where to follow the log from: it first hands over the last record that was taken, which `follow` looks at. */
  get after(): number {
    return this.#after;
  }

  /** Every record persisted so far, in order: entries, and what turned out to be none. */
  *#records(): Iterable<LogRecord> {
    for (const [key, bytes] of this.#options.store.scan(ENTRY))
      yield { cursor: Number(key.slice(ENTRY.length)), bytes };
  }

  /** The entries applied until this was asked for, in order. None is judged again. */
  *entries(): Iterable<LogRecord> {
    const [refused, last] = [this.#refused(), this.#cursor];
    for (const record of this.#records()) {
      if (record.cursor > last) return;
      if (!refused.has(record.cursor)) yield record;
    }
  }

  #refused(): ReadonlySet<number> {
    return new Set([...this.#options.store.scan(REFUSED)].map(([key]) => Number(key.slice(REFUSED.length))));
  }

  /** Applies what an earlier life persisted; returns how many records there were. Throws StorageError `corrupt`. */
  recover(): number {
    const { store, onRecovered } = this.#options;
    const kept = readMark(store.get(CURSOR));
    const refused = this.#refused();
    const marks: StoreOperation[] = [];
    let reached = kept === null;
    let count = 0;
    for (const { cursor, bytes } of this.#records()) {
      const known = kept !== null && cursor <= kept.cursor;
      if (!known && !reached) break;
      this.#after = this.#cursor;
      this.#cursor = cursor;
      count += 1;
      const applied = known
        ? refused.has(cursor)
          ? null
          : this.#applyAgain(cursor, bytes)
        : this.#apply(cursor, bytes);
      if (applied !== null) onRecovered(applied);
      else if (!known) marks.push(refusal(cursor));
      if (cursor !== kept?.cursor) continue;
      this.#compare(kept);
      reached = true;
    }
    if (!reached) throw damaged('entries are missing');
    this.#isAnchored = this.#cursor === 0;
    // What an earlier life persisted and did not come to judge is judged now: the next life must not take it for judged sound.
    if (this.#cursor !== (kept?.cursor ?? 0)) store.batch([...marks, this.#mark()], { sync: false });
    return count;
  }

  /** Throws StorageError `corrupt` where the entries are not those that an earlier life took, or are judged otherwise than by a policy. */
  #compare(kept: Mark): void {
    if (toHex(this.state.digest) === kept.digest) return;
    if (this.state.policy === null || toHex(this.#bytes) !== kept.bytes) throw damaged('its entries are others');
    this.#options.meter.add('log.judged_otherwise', 1);
  }

  /** Applies an entry whose signatures an earlier life checked. */
  #applyAgain(cursor: number, bytes: Uint8Array): AppliedEntry {
    const { crypto } = this.#options;
    const read = this.#verify(bytes, () => verifyEntry(bytes, { ...crypto, verify: () => true }, createMemo()), false);
    if (!read.ok) throw damaged(`the record at ${cursor} is no entry`);
    return this.#judge(read.entry);
  }

  #judge(entry: VerifiedEntry): AppliedEntry {
    const { crypto, policies } = this.#options;
    this.#bytes = crypto.sha256(concat([this.#bytes, entry.hash]));
    return { ...apply(this.state, entry, crypto.sha256, policies), entry };
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
    const marks: StoreOperation[] = [];
    for (const { cursor, bytes } of fresh) {
      const done = this.#apply(cursor, bytes);
      if (done !== null) applied.push(done);
      else marks.push(refusal(cursor));
      this.#cursor = cursor;
    }
    // 3 persist the cursor
    store.batch([...marks, this.#mark()], { sync: false });
    // 4 publish events
    for (const entry of applied) this.#options.onApplied(entry);
  }

  /**
   * Takes what a log hands over from `after` on. Throws StorageError `forked` where it holds another record where this node took its last: it
   * was restored and went on without, so that this node would go on from a history that is nobody's.
   */
  follow(records: readonly LogRecord[]): void {
    const [first] = records;
    if (!this.#isAnchored && first !== undefined) this.#anchor(first);
    this.take(records);
  }

  #anchor(first: LogRecord): void {
    const own = this.#options.store.get(entryKey(this.#cursor));
    if (own === undefined || first.cursor !== this.#cursor || !equalBytes(first.bytes, own)) throw forked(this.#cursor);
    this.#isAnchored = true;
  }

  /** What `verify` says, which another node of this process may have asked before; only what was wholly `checked` is told to others. */
  #verify(bytes: Uint8Array, verify: () => EntryVerdict, checked: boolean): EntryVerdict {
    const { crypto, verified } = this.#options;
    if (verified === null) return verify();
    const key = verified.keys.get(bytes) ?? key32(crypto.sha256(bytes));
    verified.keys.set(bytes, key);
    const known = verified.entries.get(key);
    if (known !== undefined) return { ok: true, entry: known };
    const verdict = verify();
    if (checked && verdict.ok) verified.entries.set(key, verdict.entry, bytes.length);
    return verdict;
  }

  #mark(): StoreOperation {
    const [digest, bytes] = [toHex(this.state.digest), toHex(this.#bytes)];
    return markOf({ cursor: this.#cursor, digest, bytes: bytes === '' ? null : bytes });
  }

  #apply(cursor: number, bytes: Uint8Array): AppliedEntry | null {
    const { crypto, meter } = this.#options;
    const verified = this.#verify(bytes, () => verifyEntry(bytes, crypto, this.#memo), true);
    this.#memo.clear();
    if (!verified.ok) {
      this.#options.onRefused(cursor, verified.code);
      return null;
    }
    meter.add('log.verified', 1);
    this.#options.onApplying(verified.entry);
    return this.#judge(verified.entry);
  }
}

/** How far an earlier life came. */
export interface Mark {
  readonly cursor: number;
  /** Running digest, of every byte and outcome, hex. */
  readonly digest: string;
  /** Running digest of the entries' bytes alone, hex; null where it is not known, or there are none. */
  readonly bytes: string | null;
}

/** With `bytes` it says the rest twice: another digest may then be that of an engine that decided otherwise, a damaged one must not. */
export const markOf = ({ cursor, digest, bytes }: Mark): StoreOperation => ({
  key: CURSOR,
  value: utf8(bytes === null ? `${cursor} ${digest}` : `${cursor} ${digest} ${bytes} ${cursor} ${digest}`),
});

export const refusal = (cursor: number): StoreOperation => ({ key: `${REFUSED}${cursor}`, value: new Uint8Array() });

/** Reads a mark; null when nothing was applied. */
export function readMark(bytes: Uint8Array | undefined): Mark | null {
  if (bytes === undefined) return null;
  const parts = /^([0-9]{1,16}) ([0-9a-f]{64})(?: ([0-9a-f]{64}) \1 \2)?$/.exec(new TextDecoder().decode(bytes));
  const [, cursor = '', digest = '', ofBytes = null] = parts ?? [];
  if (digest === '') throw damaged('its cursor is broken');
  return { cursor: Number(cursor), digest, bytes: ofBytes };
}

const damaged = (what: string): StorageError =>
  new StorageError('corrupt', `the node's store is not what it wrote: ${what}; restore it from a backup`);

const forked = (cursor: number): StorageError =>
  new StorageError(
    'forked',
    `the log holds another record where this node took its last one, ${cursor}: it was restored and went on without what this node holds. Nothing was changed; stop the nodes of this home, then have it given back or begin another life of the log: canswarm down; canswarm recover log`,
  );

/** Keys sort as numbers do. */
export const entryKey = (cursor: number): string => `${ENTRY}${String(cursor).padStart(16, '0')}`;
