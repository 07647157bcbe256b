import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  assertStoreBatch,
  assertStoreKey,
  openSqlite,
  type SqliteFile,
  type SqliteSchema,
  STORE_KEY_BYTES_MAX,
  StorageError,
  type Store,
  type StoreOperation,
} from '@canswarm/ports';

const SCHEMA: SqliteSchema = {
  kind: 'canswarm store',
  migrations: ['CREATE TABLE pairs (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT'],
};

/** Keys read at once by a scan. */
const PAGE = 256;

export interface SqliteStoreOptions {
  /** The database file; its folder is made when it is missing. */
  readonly path: string;
  /** How long to wait, blocking, for another process that is writing. Default 5 000. */
  readonly busyTimeoutMs?: number;
}

/**
 * A store in one SQLite file (WAL). `sync: true` writes with synchronous FULL: the write-ahead log is on disk, with all that
 * was written before it. `sync: false` writes with NORMAL. Text keys compare by their UTF-8 bytes, so the index is the scan.
 */
export function sqliteStore({ path, busyTimeoutMs = 5000 }: SqliteStoreOptions): Store {
  const open = (): DatabaseSync => {
    mkdirSync(dirname(path), { recursive: true });
    return new DatabaseSync(path, { timeout: busyTimeoutMs });
  };
  const file = openSqlite({ path, schema: SCHEMA, open });
  const { db } = file;
  const select = db.prepare('SELECT value FROM pairs WHERE key = ?');
  const upsert = db.prepare(
    'INSERT INTO pairs (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const remove = db.prepare('DELETE FROM pairs WHERE key = ?');

  const perform = ({ key, value }: StoreOperation): void => {
    if (value === null) remove.run(key);
    else upsert.run(key, value);
  };

  const get = (key: string): Uint8Array | undefined => {
    assertStoreKey(key);
    return file.attempt(() => {
      const row = select.get(key);
      return row === undefined ? undefined : bytesOf(row, path);
    });
  };

  return {
    get,
    batch(operations, { sync }) {
      assertStoreBatch(operations);
      file.attempt(() => db.exec(`PRAGMA synchronous = ${sync ? 'FULL' : 'NORMAL'}`));
      file.transaction(() => operations.forEach(perform));
    },
    scan: (prefix) => scan(file, prefix, get, path),
    close: () => file.close(),
  };
}

/** Reads page by page, so that a scan neither holds a transaction open nor the whole store in memory. */
function* scan(file: SqliteFile, prefix: string, value: (key: string) => Uint8Array | undefined, path: string): Scan {
  if (prefix.length > STORE_KEY_BYTES_MAX || !prefix.isWellFormed()) {
    throw new StorageError('invalid', 'a prefix is the beginning of a key');
  }
  const page = (comparison: '>=' | '>', key: string) =>
    file.attempt(() =>
      file.db.prepare(`SELECT key FROM pairs WHERE key ${comparison} ? ORDER BY key LIMIT ${PAGE}`).all(key),
    );
  let rows = page('>=', prefix);
  while (rows.length > 0) {
    let key = '';
    for (const row of rows) {
      key = textOf(row, path);
      if (!key.startsWith(prefix)) return;
      const bytes = value(key);
      if (bytes !== undefined) yield [key, bytes];
    }
    rows = page('>', key);
  }
}

type Scan = Generator<readonly [key: string, value: Uint8Array]>;
type Row = Readonly<Record<string, unknown>>;

function textOf(row: Row, path: string): string {
  const key = row['key'];
  if (typeof key !== 'string') throw new StorageError('corrupt', `${path}: a key is no text: restore a backup`);
  return key;
}

function bytesOf(row: Row, path: string): Uint8Array {
  const value = row['value'];
  if (!(value instanceof Uint8Array))
    throw new StorageError('corrupt', `${path}: a value is no bytes: restore a backup`);
  return value;
}
