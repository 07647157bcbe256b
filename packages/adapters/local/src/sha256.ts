import { hash } from 'node:crypto';

/** SHA-256 by OpenSSL: 32 bytes of the caller's own. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const digest = hash('sha256', bytes, 'buffer');
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.byteLength);
}
