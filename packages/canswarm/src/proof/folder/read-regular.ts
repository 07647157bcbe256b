import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs';

/** Why a folder is no proof. `file` is its path below the folder that holds the proof folder, without `proof/`. */
export interface FolderFault {
  readonly ok: false;
  readonly code:
    | 'no_folder'
    | 'no_proof'
    | 'missing_file'
    | 'extra_file'
    | 'no_regular_file'
    | 'file_too_large'
    | 'unreadable';
  readonly file: string;
  readonly detail: string;
}

/** What replaces a file after it was looked at is not followed if a link, and not waited for if a pipe. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads one regular file of at most `bytesMax` bytes whole; a link, a pipe, a device or a file that changes meanwhile is refused, named
 * as `name`.
 */
export function readRegular(path: string, bytesMax: number, name: string): Uint8Array | FolderFault {
  let descriptor: number | undefined;
  try {
    if (!lstatSync(path).isFile()) return folderFault('no_regular_file', name, 'not a regular file');
    descriptor = openSync(path, OPEN_FLAGS);
    const { size } = fstatSync(descriptor);
    if (size > bytesMax) return folderFault('file_too_large', name, `${size} bytes, at most ${bytesMax}`);
    const bytes = new Uint8Array(size);
    let at = 0;
    for (let count = -1; count !== 0 && at < size; at += count) count = readSync(descriptor, bytes, at, size - at, at);
    return at === size ? bytes : folderFault('unreadable', name, 'it changed while it was read');
  } catch (error) {
    const missing = isMissing(error);
    return folderFault(
      missing ? 'missing_file' : 'unreadable',
      name,
      missing ? 'there is no such file' : String(error),
    );
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Whether a folder is there; links are followed. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Why there is no folder to read at a path, from what reading it threw. */
export function folderAbsence(path: string, error: unknown): string {
  if (!isMissing(error)) return String(error);
  return existsSync(path) ? 'it is a file, not a folder' : 'there is no such folder';
}

/** Whether a file system says that there is nothing: also where a file stands in the way of a folder. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

export const folderFault = (code: FolderFault['code'], file: string, detail: string): FolderFault => ({
  ok: false,
  code,
  file,
  detail,
});
