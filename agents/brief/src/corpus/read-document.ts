import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { ScanLimits, SkipCode } from './skip.ts';
import { errorCode } from './walk.ts';

export type ReadOutcome =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly code: SkipCode; readonly reason: string };

const fatalUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Reads one regular file and says whether it is a document. The last part of `place` is never followed as a link (it may have
 * been exchanged since the walk), and a pipe never makes it wait.
 */
export async function readDocument(place: string | Buffer, limits: ScanLimits): Promise<ReadOutcome> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) return refuse('not_a_file', 'it is not a regular file');
    if (stat.size > limits.fileBytesMax) return refuse('too_large', tooLarge(stat.size, limits));
    return judge(await readAll(handle, limits.fileBytesMax + 1), limits);
  } catch (error) {
    return refuse('unreadable', `it cannot be read (${errorCode(error)})`);
  } finally {
    await handle?.close();
  }
}

/** Reads to the end of the file, but never more than `bytesMax`: a file may grow while it is read. */
async function readAll(handle: FileHandle, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  while (total < bytesMax) {
    const chunk = new Uint8Array(Math.min(65_536, bytesMax - total));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) break;
    chunks.push(chunk.subarray(0, bytesRead));
    total += bytesRead;
  }
  const only = chunks.length === 1 ? chunks[0] : undefined;
  if (only !== undefined) return only.slice();
  const bytes = new Uint8Array(total);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function judge(bytes: Uint8Array, limits: ScanLimits): ReadOutcome {
  if (bytes.length > limits.fileBytesMax) return refuse('too_large', tooLarge(bytes.length, limits));
  if (bytes.includes(0)) return refuse('binary', 'it holds NUL bytes, so it is not text');
  let text: string;
  try {
    text = fatalUtf8.decode(bytes);
  } catch {
    return refuse('not_utf8', 'it is not valid UTF-8 text');
  }
  // `trim` also takes the byte order mark for white space; said here because "empty" rests on it.
  if (text.replaceAll(BYTE_ORDER_MARK, '').trim() === '')
    return refuse('empty', 'there is nothing in it but white space');
  return { ok: true, bytes };
}

const refuse = (code: SkipCode, reason: string): ReadOutcome => ({ ok: false, code, reason });

const tooLarge = (size: number, limits: ScanLimits): string =>
  `it is larger than ${limits.fileBytesMax} bytes (${size} or more)`;
