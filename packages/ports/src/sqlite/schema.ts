import { StorageError } from '../storage-error.ts';
import type { SqliteFile } from './sqlite-file.ts';

/** The tables of one kind of file and how they came to be. */
export interface SqliteSchema {
  /** What the file is for, e.g. `canswarm store`; one kind of file is never taken for another. */
  readonly kind: string;
  /** SQL that brings version i to version i + 1; version 0 is an empty file. Only ever appended to. */
  readonly migrations: readonly string[];
}

/** Most backups of one version that are kept beside a file. */
const BACKUPS_MAX = 9;

/**
 * Brings the file to the schema's newest version in one transaction. A file that has data is copied to
 * `<path>.v<version>.backup` first; backups that are there already are never overwritten. Throws StorageError: `newer` for a
 * version beyond the known ones, `invalid` for a file of another kind.
 */
export function upgradeSchema(file: SqliteFile, schema: SqliteSchema): void {
  const newest = schema.migrations.length;
  const before = file.attempt(() => versionOf(file, schema));
  if (before === newest) return;
  if (before > 0) backUp(file, `${file.path}.v${before}.backup`);
  file.transaction(() => {
    // Another process may have been faster: what counts is the version inside the transaction.
    const version = versionOf(file, schema);
    for (const sql of schema.migrations.slice(version)) file.db.exec(sql);
    file.db.exec('CREATE TABLE IF NOT EXISTS schema (kind TEXT NOT NULL, version INTEGER NOT NULL)');
    file.db.exec('DELETE FROM schema');
    file.db.prepare('INSERT INTO schema (kind, version) VALUES (?, ?)').run(schema.kind, newest);
  });
}

function backUp({ db, attempt }: SqliteFile, path: string): void {
  const copy = db.prepare('VACUUM INTO ?');
  for (let i = 1; ; i += 1) {
    try {
      attempt(() => copy.run(i === 1 ? path : `${path}.${i}`));
      return;
    } catch (error) {
      if (!isTaken(error) || i === BACKUPS_MAX) throw error;
    }
  }
}

/** Whether SQLite refused because a file stands there: a database (it says so), or anything else (no database). */
function isTaken(error: unknown): boolean {
  return error instanceof StorageError && (error.code === 'corrupt' || error.message.includes('already exists'));
}

function versionOf({ db, path }: SqliteFile, { kind, migrations }: SqliteSchema): number {
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
  if (tables.length === 0) return 0;
  const row = tables.some((table) => table['name'] === 'schema')
    ? db.prepare('SELECT kind, version FROM schema').get()
    : undefined;
  const version = row?.['version'];
  if (row?.['kind'] !== kind || typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) {
    throw new StorageError('invalid', `${path} is no ${kind}: choose another path`);
  }
  if (version > migrations.length) {
    throw new StorageError(
      'newer',
      `${path} was written by a newer version of this software (format ${version}, known up to ${migrations.length}): ` +
        'upgrade, or choose another path',
    );
  }
  return version;
}
