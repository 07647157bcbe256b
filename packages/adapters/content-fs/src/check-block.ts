import { hash } from 'node:crypto';
import { ContentError } from '@canswarm/ports';
import { type Block, type Cid, cidOf, codecOf } from '@canswarm/protocol';

/** SHA-256 by OpenSSL: 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(hash('sha256', bytes, 'buffer'));
}

/** Whether the bytes hash to the CID. */
export function matches(cid: Cid, bytes: Uint8Array): boolean {
  return cidOf(bytes, codecOf(cid), sha256) === cid;
}

/** Throws ContentError `corrupt` when the bytes do not hash to the CID. */
export function assertMatches({ cid, bytes }: Block): void {
  if (!matches(cid, bytes)) throw new ContentError('corrupt', cid, `these bytes do not hash to ${cid}`);
}
