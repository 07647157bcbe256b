import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StorageError } from '../storage-error.ts';
import { type SqliteSchema, upgrade } from './schema.ts';
import { sqliteError } from './sqlite-error.ts';

/** An open database file of ours, with every failure as a StorageError. */
export interface SqliteFile {
  readonly db: DatabaseSync;
  /** Does `work` and throws what goes wrong in SQLite as a StorageError; `closed` after close. */
  attempt<T>(work: () => T): T;
  /** Does `work` in one write transaction: all of it is kept, or nothing when it throws. Transactions do not nest. */
  transaction<T>(work: () => T): T;
  /** Idempotent. */
  close(): void;
}

export interface SqliteOptions {
  /** The file; its folder is made when it is missing. */
  readonly path: string;
  readonly schema: SqliteSchema;
  /** How long SQLite itself waits, blocking the thread, for another process to let go of the file. */
  readonly busyTimeoutMs: number;
}

/**
 * Opens a database file in WAL mode and brings its tables to the newest version. Throws StorageError, `newer` when a newer
 * version of this software wrote it.
 */
export function openSqlite({ path, schema, busyTimeoutMs }: SqliteOptions): SqliteFile {
  const db = open(path, busyTimeoutMs);
  let closed = false;

  const attempt = <T>(work: () => T): T => {
    if (closed) throw new StorageError('closed', `${path} is closed`);
    try {
      return work();
    } catch (error) {
      throw sqliteError(error, path);
    }
  };

  const transaction = <T>(work: () => T): T =>
    attempt(() => {
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        // After a full disk SQLite may have rolled back by itself.
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    });

  const file: SqliteFile = {
    db,
    attempt,
    transaction,
    close() {
      if (closed) return;
      closed = true;
      db.close();
    },
  };
  try {
    attempt(() => db.exec('PRAGMA journal_mode = WAL'));
    upgrade(file, path, schema);
  } catch (error) {
    file.close();
    throw error;
  }
  return file;
}

function open(path: string, timeout: number): DatabaseSync {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return new DatabaseSync(path, { timeout });
  } catch (error) {
    const known = sqliteError(error, path);
    if (known instanceof StorageError) throw known;
    throw new StorageError('io', `${path}: its folder cannot be made: check its permissions`, { cause: error });
  }
}
