import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

export type ReadOutcome =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads one regular file of at most `bytesMax`. The last part of the path is not followed as a link, and a pipe makes nobody wait.
 */
export async function readRegular(place: string, bytesMax: number): Promise<ReadOutcome> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) return { ok: false, reason: 'it is no regular file' };
    // One more than allowed, so that a file that grows while it is read is found out.
    const bytes = new Uint8Array(Math.min(stat.size, bytesMax) + 1);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    if (stat.size > bytesMax || length > bytesMax) return { ok: false, reason: `it has more than ${bytesMax} bytes` };
    return { ok: true, bytes: bytes.slice(0, length) };
  } catch (error) {
    return { ok: false, reason: `it cannot be read (${errorCode(error)})` };
  } finally {
    await handle?.close();
  }
}

/** The system's short name of an error, such as `EACCES`. */
export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
