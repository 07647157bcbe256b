import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { readText } from './files.ts';
import { attempt } from './home-error.ts';
import { type Lock, tryLock } from './lock.ts';
import { isObject } from './versioned-file.ts';

/** The process that holds a lock, as it said itself; nulls when it did not get to say so. */
export interface Holder {
  readonly pid: number | null;
  /** ISO 8601. */
  readonly since: string | null;
}

/** Lookers hold a lock for an instant; whoever wants to keep it waits them out. */
const WAIT_MS = 500;
const LOOK_MS = 50;

/** Takes a lock for this process until it is released or the process ends, however that ends; or gives who has it. */
export function takeLock(path: string): Lock | Holder {
  const lock = tryLock(path, WAIT_MS);
  if (lock === null) return readHolder(path);
  const note = `${path}.json`;
  try {
    const holder: Holder = { pid: process.pid, since: new Date().toISOString() };
    attempt(note, () => writeFileSync(note, JSON.stringify(holder), { mode: 0o600 }));
  } catch (error) {
    lock.release();
    throw error;
  }
  return {
    release() {
      rmSync(note, { force: true });
      lock.release();
    },
  };
}

/** Who holds a lock now; null when nobody does. */
export function lockHolder(path: string): Holder | null {
  // Who holds it left a note; a note may also be of one who died.
  if (!existsSync(`${path}.json`)) return null;
  const lock = tryLock(path, LOOK_MS);
  lock?.release();
  return lock === null ? readHolder(path) : null;
}

/** The note only informs: what counts is the lock. */
function readHolder(path: string): Holder {
  try {
    const found: unknown = JSON.parse(readText(`${path}.json`, { privacy: 'any', bytesMax: 1024 }) ?? '');
    if (isObject(found) && typeof found['pid'] === 'number' && typeof found['since'] === 'string')
      return { pid: found['pid'], since: found['since'] };
  } catch {
    // Half written, by a holder that is just starting.
  }
  return { pid: null, since: null };
}
