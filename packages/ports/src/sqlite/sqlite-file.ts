import type { DatabaseSync } from 'node:sqlite';
import { StorageError } from '../storage-error.ts';
import { sqliteError } from './sqlite-error.ts';

/** An open database file of ours, with every failure as a StorageError. */
export interface SqliteFile {
  readonly db: DatabaseSync;
  readonly path: string;
  /** Does `work` and throws what goes wrong in SQLite as a StorageError; `closed` after close. */
  attempt<T>(work: () => T): T;
  /** Does `work` in one write transaction: all of it is kept, or nothing when it throws. Transactions do not nest. */
  transaction<T>(work: () => T): T;
  /** Idempotent. */
  close(): void;
}

/** Wraps an open database. `path` is for messages. */
export function sqliteFile(db: DatabaseSync, path: string): SqliteFile {
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

  return {
    db,
    path,
    attempt,
    transaction,
    close() {
      if (closed) return;
      closed = true;
      db.close();
    },
  };
}
