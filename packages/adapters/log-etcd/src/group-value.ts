import { EtcdError } from './etcd-error.ts';
import { sha256 } from './layout.ts';

/**
 * A group's value, either of
 *
 *     0, the SHA-256 of the body, the body: of each entry its length, 32 bits big-endian, and its bytes
 *     1, a number of parts, 32 bits big-endian: each part is a value of the first kind, with the next entries
 */
const INLINE = 0;
const PARTS = 1;
const HASH_BYTES = 32;
const LENGTH_BYTES = 4;
const HEAD_BYTES = 1 + HASH_BYTES;

/** Bytes that an entry takes of a body. */
export const bodyBytes = (entry: Uint8Array): number => LENGTH_BYTES + entry.length;

export function inlineValue(entries: readonly Uint8Array[]): Buffer {
  const value = Buffer.allocUnsafe(entries.reduce((sum, entry) => sum + bodyBytes(entry), HEAD_BYTES));
  let at = HEAD_BYTES;
  for (const entry of entries) {
    value.writeUInt32BE(entry.length, at);
    value.set(entry, at + LENGTH_BYTES);
    at += bodyBytes(entry);
  }
  value[0] = INLINE;
  value.set(sha256(value.subarray(HEAD_BYTES)), 1);
  return value;
}

export function partsValue(parts: number): Buffer {
  const value = Buffer.alloc(1 + LENGTH_BYTES, PARTS);
  value.writeUInt32BE(parts, 1);
  return value;
}

/** The entries of a value as copies of their own, or in how many parts they are. Throws an EtcdError `damaged`. */
export function readValue(value: Uint8Array, group: string): readonly Uint8Array[] | number {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.length);
  if (bytes[0] === PARTS && bytes.length === 1 + LENGTH_BYTES) return bytes.readUInt32BE(1);
  if (bytes[0] !== INLINE || bytes.length < HEAD_BYTES) throw damaged(group, 'it is of no known kind');
  const body = bytes.subarray(HEAD_BYTES);
  if (!sha256(body).equals(bytes.subarray(1, HEAD_BYTES))) throw damaged(group, 'it does not hash to what was written');
  const entries: Uint8Array[] = [];
  for (let at = 0; at < body.length; ) {
    const from = at + LENGTH_BYTES;
    const to = from <= body.length ? from + body.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (to > body.length) throw damaged(group, 'it is cut short');
    entries.push(Uint8Array.from(body.subarray(from, to)));
    at = to;
  }
  return entries;
}

export const damaged = (group: string, what: string): EtcdError =>
  new EtcdError('damaged', `the group ${group} of the log is damaged: ${what}: restore the cluster from a snapshot`);
