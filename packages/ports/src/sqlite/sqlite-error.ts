import { StorageError, type StorageErrorCode } from '../storage-error.ts';

/** SQLite's primary result codes that an operator can do something about (https://sqlite.org/rescode.html). */
const ADVICE: Readonly<Record<number, readonly [StorageErrorCode, string]>> = {
  5: ['locked', 'another process holds it: stop that process, or try again'],
  6: ['locked', 'it is in use: try again'],
  8: ['io', 'it cannot be written: check its permissions and those of its folder'],
  10: ['io', 'reading or writing failed: check the disk'],
  11: ['corrupt', 'it is damaged: move it away and restore a backup, or let the node fetch its data again'],
  13: ['full', 'the disk is full: free some space, then try again'],
  14: ['io', 'it cannot be opened: check that its folder exists and is writable'],
  23: ['io', 'access was refused: check its permissions'],
  26: ['corrupt', 'it is no SQLite database: move it away and restore a backup'],
};

/** What an error of `node:sqlite` on that file means. Errors of any other kind are given back as they are. */
export function sqliteError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
  // The low byte is the primary code, the rest says more about it.
  const [code, advice] = ADVICE[error.errcode & 0xff] ?? ['io', 'SQLite refused'];
  return new StorageError(code, `${path}: ${advice} (${error.message})`, { cause: error });
}
