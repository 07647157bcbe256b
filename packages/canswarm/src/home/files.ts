import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { attempt, HomeError } from './home-error.ts';
import { assertOwn, type Privacy } from './permissions.ts';

const TEMPORARY = /^\..*\.[0-9a-f]{16}\.tmp$/;

/**
 * The text of a file, or null when there is none. Throws `permissions` when others have more rights than `privacy` grants,
 * `damaged` when it is larger than `bytesMax`, no regular file or no UTF-8.
 */
export function readText(path: string, { privacy, bytesMax }: { privacy: Privacy; bytesMax: number }): string | null {
  return attempt(path, () => {
    const file = openIfThere(path);
    if (file === null) return null;
    try {
      // Asked of the open file, so that nobody can put another one in between.
      const stats = fstatSync(file);
      if (!stats.isFile()) throw damaged(path, 'is no file');
      assertOwn(path, stats, privacy);
      if (stats.size > bytesMax) throw damaged(path, `has ${stats.size} bytes, at most ${bytesMax} are expected`);
      return decode(path, readFileSync(file));
    } finally {
      closeSync(file);
    }
  });
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, ['ENOENT', 'ENOTDIR'])) return null;
    throw error;
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw damaged(path, 'is no UTF-8 text');
  }
}

const damaged = (path: string, what: string): HomeError =>
  new HomeError('damaged', `${path} ${what}`, 'It is not what was written there.', 'Restore it from a backup.');

/**
 * Replaces a file, or makes it, as one step: after a crash at any moment the old or the new text is there, whole, and once
 * this returns the new one is on the disk. Mode 0600.
 */
export function writeText(path: string, text: string | Uint8Array): void {
  const temporary = temporaryFor(path);
  attempt(path, () => {
    try {
      writeNew(temporary, text);
      renameSync(temporary, path);
      syncFolder(dirname(path));
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

/** Makes a file that was not there, whole or not at all: throws `exists` when it was. Mode 0600, on the disk on return. */
export function writeNewText(path: string, text: string): void {
  const temporary = temporaryFor(path);
  attempt(path, () => {
    try {
      writeNew(temporary, text);
      link(temporary, path, text);
      syncFolder(dirname(path));
    } catch (error) {
      throw hasCode(error, ['EEXIST']) ? taken(path) : error;
    } finally {
      rmSync(temporary, { force: true });
    }
  });
}

/** Unlike a rename, a link never replaces what is there. File systems without links (of memory sticks) get a plain write. */
function link(temporary: string, path: string, text: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (!hasCode(error, ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])) throw error;
    writeNew(path, text);
  }
}

/** The error for a file that would be overwritten. */
export function taken(path: string): HomeError {
  const means = 'A file that is there is never overwritten.';
  return new HomeError('exists', `${path} exists already`, means, 'Name another file, or move that one away.');
}

const hasCode = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);

const temporaryFor = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);

function writeNew(path: string, text: string | Uint8Array): void {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  const file = openSync(path, 'wx', 0o600);
  let whole = false;
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
    whole = true;
  } finally {
    closeSync(file);
    if (!whole) rmSync(path, { force: true });
  }
}

/** Makes renames, new and removed names in a folder durable. Windows has no such call and needs none. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Removes what writers that died left in a folder. Only for who holds the lock under which all write there. */
export function sweepTemporary(folder: string): void {
  for (const name of readdirSync(folder)) if (TEMPORARY.test(name)) rmSync(join(folder, name), { force: true });
}
