import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  assertAppend,
  assertCursor,
  assertShard,
  isSameMark,
  type LogFollower,
  type LogMark,
  logFollower,
  type MovableLog,
  movedMessage,
  openSqlite,
  type RecordsHandler,
  type SqliteFile,
  StorageError,
  type Subscription,
} from '@canswarm/ports';
import { ENTRIES_SCHEMA, type Entries, entriesOf } from './entries.ts';
import { GroupCommit } from './group-commit.ts';
import { WakeFile } from './wake-file.ts';

/** How long opening may wait, blocking, for another process that is creating or upgrading the file. */
const OPEN_TIMEOUT_MS = 5000;

/**
 * Hashes fall all over their index, so a transaction touches many of its pages: 16 MiB of cache keep them at hand, and copying
 * them back into the file only every 8 192 pages (32 MiB of write-ahead log) makes appends half as fast again.
 */
const SETTINGS = `
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 0;
  PRAGMA cache_size = -16384;
  PRAGMA wal_autocheckpoint = 8192;`;

export interface SqliteLogOptions {
  /** The database file; its folder is made when it is missing. Must be on a local disk: SQLite's WAL needs shared memory. */
  readonly path: string;
  /** How often to look for entries of other processes without having been woken, while anybody follows. Default 250. */
  readonly pollMs?: number;
  /** Told when commits of other processes are only found by looking now and then, with the reason, and null when no longer. */
  readonly onWatch?: (problem: Error | null) => void;
  /** How long an append may wait for other processes before it fails with `locked`. Default 5 000. */
  readonly lockedMs?: number;
  /** To read and extend it although it was moved: for who moves it. Default false. */
  readonly toMove?: boolean;
}

/**
 * A decision log in one SQLite file that the machine's processes share. Appends of one turn of the event loop share one
 * transaction (WAL, synchronous FULL) and block that turn while the disk writes. Followers in this process are woken by the
 * commit, those in others by a file beside the database that every commit touches; where that cannot be watched they find it
 * within their `pollMs`.
 */
export function sqliteLog({
  path,
  pollMs = 250,
  lockedMs = 5000,
  onWatch = () => {},
  toMove = false,
}: SqliteLogOptions): MovableLog {
  const open = (): DatabaseSync => {
    mkdirSync(dirname(path), { recursive: true });
    return new DatabaseSync(path, { timeout: OPEN_TIMEOUT_MS });
  };
  const file = openSqlite({ path, schema: ENTRIES_SCHEMA, open });
  file.attempt(() => file.db.exec(SETTINGS));
  return new SqliteLog(file, entriesOf(file, path), { path, pollMs, lockedMs, onWatch, toMove });
}

/**
 * Invariant: the poll timer runs exactly while there are followers.
 */
class SqliteLog implements MovableLog {
  readonly #file: SqliteFile;
  readonly #entries: Entries;
  readonly #options: Required<SqliteLogOptions>;
  readonly #commits: GroupCommit;
  readonly #wakeFile: WakeFile;
  readonly #followers = new Set<LogFollower>();
  #poll: NodeJS.Timeout | undefined;
  #seenVersion: unknown;
  #closed = false;

  constructor(file: SqliteFile, entries: Entries, options: Required<SqliteLogOptions>) {
    this.#file = file;
    this.#entries = entries;
    this.#options = options;
    this.#commits = new GroupCommit({
      lockedMs: options.lockedMs,
      write: (group) => {
        file.transaction(() => {
          this.#assertHere();
          for (const append of group) for (const bytes of append.entries) entries.add(append.shard, bytes);
        });
        this.#tell();
      },
    });
    const { path, onWatch } = options;
    this.#wakeFile = new WakeFile({ path: `${path}-wake`, onWake: () => this.#look(), onWatch });
  }

  async append(shard: string, entries: readonly Uint8Array[]): Promise<void> {
    this.#assertOpen();
    assertAppend(shard, entries);
    const own = entries.map((entry) => entry.slice());
    await this.#commits.append(shard, own);
  }

  follow(shard: string, after: number, onRecords: RecordsHandler): Subscription {
    this.#assertOpen();
    assertShard(shard);
    assertCursor(after);
    const follower = logFollower({
      after,
      onRecords,
      hasMore: (cursor) =>
        this.#reading(() => {
          this.#assertHere();
          return this.#entries.head(shard) > cursor;
        }, false),
      read: (cursor) => this.#reading(() => this.#entries.after(shard, cursor), []),
      schedule: (task) => {
        const immediate = setImmediate(task);
        return () => clearImmediate(immediate);
      },
      onOver: () => {
        this.#followers.delete(follower);
        if (this.#followers.size === 0) clearInterval(this.#poll);
      },
    });
    this.#followers.add(follower);
    if (this.#followers.size === 1) this.#poll = setInterval(() => this.#lookAnyhow(), this.#options.pollMs);
    follower.wake();
    return follower.subscription;
  }

  async head(shard: string): Promise<number> {
    this.#assertOpen();
    assertShard(shard);
    return this.#file.attempt(() => this.#entries.head(shard));
  }

  async mark(): Promise<LogMark> {
    this.#assertOpen();
    return this.#file.attempt(() => this.#entries.mark());
  }

  async setMark(mark: LogMark, was: LogMark): Promise<boolean> {
    this.#assertOpen();
    const isSet = this.#file.transaction(() => {
      const found = this.#entries.mark();
      if (isSameMark(found, mark)) return true;
      if (!isSameMark(found, was)) return false;
      this.#entries.setMark(mark);
      return true;
    });
    if (isSet) this.#tell();
    return isSet;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#commits.idle();
    await Promise.all([...this.#followers].map((follower) => follower.subscription.close()));
    this.#wakeFile.close();
    this.#file.close();
  }

  #assertOpen(): void {
    if (this.#closed) throw new StorageError('closed', `${this.#options.path} is closed`);
  }

  #assertHere(): void {
    const { path, toMove } = this.#options;
    const place = toMove ? null : this.#entries.mark().place;
    if (place !== null) throw new StorageError('moved', movedMessage(`the decision log at ${path}`, place));
  }

  /** Wakes all followers, of other processes too. */
  #tell(): void {
    this.#wakeFile.touch();
    this.#wake();
  }

  /** Reads; a file locked for a moment reads as `nothing`, and the poll comes back to it. */
  #reading<T>(read: () => T, nothing: T): T {
    try {
      return this.#file.attempt(read);
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'locked') throw error;
      // The next look takes the file as changed.
      this.#seenVersion = undefined;
      return nothing;
    }
  }

  #lookAnyhow(): void {
    this.#wakeFile.check();
    this.#look();
  }

  /** Wakes the followers when another connection has written, or when the file cannot be read: that ends them. */
  #look(): void {
    const version = this.#versionOrUnknown();
    if (version === this.#seenVersion && version !== undefined) return;
    this.#seenVersion = version;
    this.#commits.noteForeign();
    this.#wake();
  }

  #versionOrUnknown(): unknown {
    try {
      return this.#file.attempt(() => this.#entries.version());
    } catch {
      return undefined;
    }
  }

  #wake(): void {
    for (const follower of [...this.#followers]) follower.wake();
  }
}
