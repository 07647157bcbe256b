import { EtcdError } from '../etcd-error.ts';

/**
 * What stands in the order for an entry: 0, its bucket (1 byte), its length (32 bits big-endian), the SHA-256 of its bytes. It follows from the
 * entry alone, so an entry that is appended twice has one place.
 */
export interface OrderRecord {
  readonly bucket: number;
  readonly bytes: number;
  readonly hash: Buffer;
}

const KIND = 0;
const HASH_AT = 6;
const RECORD_BYTES = HASH_AT + 32;

export function orderBytes({ bucket, bytes, hash }: OrderRecord): Uint8Array {
  const record = Buffer.alloc(RECORD_BYTES, KIND);
  record[1] = bucket;
  record.writeUInt32BE(bytes, 2);
  record.set(hash, HASH_AT);
  return record;
}

/** Throws an EtcdError `damaged`. */
export function readOrder(record: Uint8Array, cursor: number): OrderRecord {
  const bytes = Buffer.from(record);
  if (bytes.length !== RECORD_BYTES || bytes[0] !== KIND)
    throw new EtcdError(
      'damaged',
      `what stands in the order of the log at ${cursor} names no entry: restore the cluster from a snapshot`,
    );
  return { bucket: bytes[1] ?? 0, bytes: bytes.readUInt32BE(2), hash: bytes.subarray(HASH_AT) };
}
