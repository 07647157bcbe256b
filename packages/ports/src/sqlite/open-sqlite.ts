import type { DatabaseSync } from 'node:sqlite';
import { StorageError } from '../storage-error.ts';
import { type SqliteSchema, upgradeSchema } from './schema.ts';
import { sqliteError } from './sqlite-error.ts';
import { type SqliteFile, sqliteFile } from './sqlite-file.ts';

export interface SqliteOptions {
  /** For messages, and where backups go. */
  readonly path: string;
  readonly schema: SqliteSchema;
  /** Makes the folder where it is missing and opens the database there. Passed in, so that ports load no SQLite. */
  readonly open: () => DatabaseSync;
}

/**
 * Opens a database file in WAL mode and brings its tables to the newest version. Throws StorageError, `newer` when a newer
 * version of this software wrote it.
 */
export function openSqlite({ path, schema, open }: SqliteOptions): SqliteFile {
  const file = sqliteFile(attemptToOpen(open, path), path);
  try {
    file.attempt(() => file.db.exec('PRAGMA journal_mode = WAL'));
    upgradeSchema(file, schema);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

function attemptToOpen(open: () => DatabaseSync, path: string): DatabaseSync {
  try {
    return open();
  } catch (error) {
    const known = sqliteError(error, path);
    if (known instanceof StorageError) throw known;
    throw new StorageError('io', `${path}: its folder cannot be made: check its permissions`, { cause: error });
  }
}
