import { createHash } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../files.ts';
import { makePrivateFolder } from '../folder.ts';
import { attempt, HomeError } from '../home-error.ts';
import { type Lock, tryLock } from '../lock.ts';
import { isObject } from '../versioned-file.ts';
import type { KeyFacts } from './sealed-key.ts';

/** The process that holds a key, as it said itself; nulls when it did not get to say so. */
export interface Holder {
  readonly pid: number | null;
  /** ISO 8601. */
  readonly since: string | null;
}

/** Lookers hold a lock for an instant; whoever wants to keep it waits them out. */
const WAIT_MS = 500;
const LOOK_MS = 50;

/** Where the lock of a key lies: named after what it signs as, so a key under two names has one lock. */
function lockPath(folder: string, { kind, did, name }: KeyFacts): string {
  const subject = kind === 'chain' ? `${kind}/${did}/${name}` : `${kind}/${did}`;
  return join(folder, `${createHash('sha256').update(subject).digest('hex').slice(0, 32)}.lock`);
}

/** Takes a key for this process until it is released or the process ends. Throws `in_use` when another has it. */
export function lockKey(folder: string, facts: KeyFacts): Lock {
  makePrivateFolder(folder);
  const path = lockPath(folder, facts);
  const lock = tryLock(path, WAIT_MS);
  if (lock === null) throw inUse(facts.name, readHolder(path));
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

/** Who holds a key now; null when nobody does. */
export function holderOf(folder: string, facts: KeyFacts): Holder | null {
  const path = lockPath(folder, facts);
  // Who holds a key left a note; a note may also be of one who died.
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

function inUse(name: string, { pid, since }: Holder): HomeError {
  const who = pid === null ? 'another process' : `process ${pid} since ${since}`;
  return new HomeError(
    'in_use',
    `the key ${name} is held by ${who}`,
    'A key has one holder. Two would sign things that contradict each other, and that costs the stake.',
    `Stop that process first${pid === null ? '' : ` (canswarm down, or kill ${pid})`}, or use another key.`,
  );
}
