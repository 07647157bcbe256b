/** What adapters on `node:sqlite` share: opening a versioned file, transactions, and errors that say what to do. */
export type { SqliteSchema } from './schema.ts';
export { openSqlite, type SqliteFile, type SqliteOptions } from './sqlite-file.ts';
