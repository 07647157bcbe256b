import { StorageError } from '@canswarm/ports';

/** The code of an operating system's error, e.g. `ENOENT`; undefined for any other error. */
function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What an operating system's error means for the store in `dir`. Errors of any other kind are given back as they are. */
export function fsError(error: unknown, dir: string): unknown {
  const code = errnoOf(error);
  if (code === undefined || !(error instanceof Error) || !('syscall' in error)) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StorageError('full', `${dir}: the disk is full: free some space, then try again (${error.message})`, {
      cause: error,
    });
  }
  return new StorageError('io', `${dir}: check that the folder exists and can be read and written (${error.message})`, {
    cause: error,
  });
}

/** What `work` gives, or null when there is no such file or folder. */
export async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
