import { randomBytes } from 'node:crypto';
import { readText, writeText } from '../../home/files.ts';

const BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const FILE_BYTES_MAX = 256;

/**
 * The token that opens the API over TCP, from its file, which is made at first need: 32 random bytes. What is no token is
 * replaced. Throws a HomeError when others may read the file, or it cannot be written.
 */
export function apiToken(path: string): string {
  const kept = readText(path, { privacy: 'private', bytesMax: FILE_BYTES_MAX })?.trim() ?? '';
  if (TOKEN.test(kept)) return kept;
  const token = randomBytes(BYTES).toString('base64url');
  writeText(path, `${token}\n`);
  return token;
}
