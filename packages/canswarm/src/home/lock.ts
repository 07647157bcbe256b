import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { HomeError } from './home-error.ts';

/** A lock that this process holds until it releases it or dies. */
export interface Lock {
  /** Idempotent. */
  release(): void;
}

/** SQLite's primary result code for a file that another connection holds. */
const BUSY = 5;
const RETRY_MS = 20;

/** Held locks stay reachable: a database that is collected as garbage would let its lock go. */
const held = new Set<DatabaseSync>();

/**
 * The exclusive lock of a file, or null when any other holder, of this process or another, has it for `waitMs` (waits
 * blocking). It is the lock that SQLite takes of the operating system, so it ends with the process, however that ends, and
 * nothing stale is left. Nobody else may open or remove the file. It needs a file system with working locks.
 */
export function tryLock(path: string, waitMs: number): Lock | null {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { timeout: waitMs });
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (isBusy(error)) return null;
    const what = `${path} cannot be locked: ${error instanceof Error ? error.message : String(error)}`;
    const means = 'Without locks two processes could use one key.';
    const todo = 'Keep the home on a local disk that you may write: --home FOLDER or CANSWARM_HOME';
    throw new HomeError('io', what, means, todo, { cause: error });
  }
  const open = database;
  held.add(open);
  return {
    release() {
      if (held.delete(open)) open.close();
    },
  };
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === BUSY;

/** Does `work` under a lock. Throws `busy` when it is not to be had within the deadline. */
export async function withLock<T>(path: string, deadlineMs: number, work: () => T | Promise<T>): Promise<T> {
  const end = performance.now() + deadlineMs;
  let lock = tryLock(path, 0);
  while (lock === null) {
    if (performance.now() > end) {
      const what = `another process has been changing this home for ${deadlineMs / 1000} s (${path})`;
      throw new HomeError('busy', what, 'Nothing was changed.', 'Let it finish or stop it, then try again.');
    }
    await delay(RETRY_MS);
    lock = tryLock(path, 0);
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}
