import { hash } from 'node:crypto';
import {
  LOG_FOLLOW_MAX,
  type LogMark,
  type LogRecord,
  type SqliteFile,
  type SqliteSchema,
  StorageError,
} from '@canswarm/ports';

/**
 * `cursor` is the order: SQLite has one writer at a time and AUTOINCREMENT never gives a number twice, so whoever reads later
 * sees a longer list with the same beginning. The index on (shard) holds the cursor too.
 */
export const ENTRIES_SCHEMA: SqliteSchema = {
  kind: 'canswarm decision log',
  migrations: [
    `CREATE TABLE entries (
       cursor INTEGER PRIMARY KEY AUTOINCREMENT,
       shard TEXT NOT NULL,
       hash BLOB NOT NULL,
       bytes BLOB NOT NULL,
       UNIQUE (shard, hash)
     ) STRICT;
     CREATE INDEX entries_by_shard ON entries (shard);`,
    'CREATE TABLE moved (place TEXT NOT NULL) STRICT;',
    `CREATE TABLE mark (place TEXT, turn INTEGER NOT NULL) STRICT;
     INSERT INTO mark (place, turn) SELECT place, 1 FROM moved;
     DROP TABLE moved;`,
  ],
};

/** Bytes after which a batch for a follower is full, however few records it has. */
const BATCH_BYTES_MAX = 4 * 1024 * 1024;

/** The table of entries, as statements. All of them may throw SQLite's own errors. */
export interface Entries {
  /** Adds an entry unless the shard has it. */
  add(shard: string, bytes: Uint8Array): void;
  /** Records after the cursor, at most a batch. Throws StorageError `corrupt` for one that is not what was written. */
  after(shard: string, cursor: number): readonly LogRecord[];
  /** Cursor of the shard's last record, 0 when it has none. */
  head(shard: string): number;
  /** What the log is marked as. */
  mark(): LogMark;
  setMark(mark: LogMark): void;
  /** A number that changes when another connection has written to the file. */
  version(): unknown;
}

const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');

/** Prepares the statements. */
export function entriesOf({ db }: SqliteFile, path: string): Entries {
  const insert = db.prepare(
    'INSERT INTO entries (shard, hash, bytes) VALUES (?, ?, ?) ON CONFLICT (shard, hash) DO NOTHING',
  );
  const select = db.prepare(
    `SELECT cursor, hash, bytes FROM entries WHERE shard = ? AND cursor > ? ORDER BY cursor LIMIT ${LOG_FOLLOW_MAX}`,
  );
  const last = db.prepare('SELECT max(cursor) AS head FROM entries WHERE shard = ?');
  const version = db.prepare('PRAGMA data_version');
  const marked = db.prepare('SELECT place, turn FROM mark');
  const unmark = db.prepare('DELETE FROM mark');
  const mark = db.prepare('INSERT INTO mark (place, turn) VALUES (?, ?)');

  const recordOf = ({ cursor, hash: stored, bytes }: Readonly<Record<string, unknown>>): LogRecord => {
    if (typeof cursor !== 'number' || !(stored instanceof Uint8Array) || !(bytes instanceof Uint8Array)) {
      throw damaged(path, 'a record has lost its shape');
    }
    if (!sha256(bytes).equals(stored))
      throw damaged(path, `the record at cursor ${cursor} does not hash to what was written`);
    return { cursor, bytes };
  };

  return {
    add: (shard, bytes) => void insert.run(shard, sha256(bytes), bytes),
    after(shard, cursor) {
      const records: LogRecord[] = [];
      let size = 0;
      for (const row of select.iterate(shard, cursor)) {
        const record = recordOf(row);
        records.push(record);
        size += record.bytes.length;
        if (size >= BATCH_BYTES_MAX) break;
      }
      return records;
    },
    head(shard) {
      const head = last.get(shard)?.['head'] ?? 0;
      if (typeof head !== 'number') throw damaged(path, 'a cursor is no number');
      return head;
    },
    mark() {
      const { place, turn } = marked.get() ?? { place: null, turn: 0 };
      if (place !== null && typeof place !== 'string') throw damaged(path, 'where it was moved to is no text');
      if (typeof turn !== 'number') throw damaged(path, 'the turn of its mark is no number');
      return { place, turn };
    },
    setMark({ place, turn }) {
      unmark.run();
      mark.run(place, turn);
    },
    version: () => version.get()?.['data_version'],
  };
}

function damaged(path: string, what: string): StorageError {
  return new StorageError('corrupt', `${path}: ${what}: move it away and restore a backup`);
}
