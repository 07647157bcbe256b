import { hash } from 'node:crypto';

const DIGEST_BYTES = 32;

/**
 * SHA-256 by OpenSSL: 32 bytes of the caller's own. Taken out as a string: for the short messages that a node hashes, making
 * the string costs a third of making a buffer.
 */
export function sha256(bytes: Uint8Array): Uint8Array {
  const text = hash('sha256', bytes, 'binary');
  const digest = new Uint8Array(DIGEST_BYTES);
  for (let index = 0; index < DIGEST_BYTES; index += 1) digest[index] = text.charCodeAt(index);
  return digest;
}
