import { type Writer, writer } from 'protons-runtime';

/**
 * The requests of etcd's API v3 that are used here, as protocol buffers. Field numbers are those of etcd's rpc.proto; a field
 * with its default value is left out.
 */

const VARINT = 0;
const BYTES = 2;
const tag = (field: number, type: number): number => field * 8 + type;

const putBytes = (w: Writer, field: number, value: Uint8Array): void => {
  if (value.length > 0) w.uint32(tag(field, BYTES)).bytes(value);
};
const putNumber = (w: Writer, field: number, value: number): void => {
  if (value !== 0) w.uint32(tag(field, VARINT)).int64Number(value);
};
const putFlag = (w: Writer, field: number, value: boolean): void => {
  if (value) w.uint32(tag(field, VARINT)).bool(true);
};
const within = (w: Writer, field: number, write: () => void): void => {
  w.uint32(tag(field, BYTES)).fork();
  write();
  w.ldelim();
};
const finished = (write: (w: Writer) => void): Uint8Array => {
  const w = writer();
  write(w);
  return w.finish();
};

export interface RangeRequest {
  readonly key: Uint8Array;
  /** The first key that is no longer meant; without it the one key is. */
  readonly end?: Uint8Array;
  readonly limit?: number;
  readonly keysOnly?: boolean;
  /** By key, from the last. */
  readonly descending?: boolean;
  /** What the answering member has, though others may have more. */
  readonly serializable?: boolean;
}

export interface PutRequest {
  readonly key: Uint8Array;
  readonly value?: Uint8Array;
  /** A lease's id as it was granted: the key goes when the lease ends. */
  readonly lease?: string;
  /** Keeps the value that is there, and fails when the key is not. */
  readonly ignoreValue?: boolean;
}

/** A condition: the key is not there, or its value is this. */
export type Compare = { readonly absent: Uint8Array } | { readonly key: Uint8Array; readonly value: Uint8Array };

export type Operation = { readonly range: RangeRequest } | { readonly put: PutRequest } | { readonly txn: TxnRequest };

export interface TxnRequest {
  readonly compare: readonly Compare[];
  readonly success: readonly Operation[];
  readonly failure: readonly Operation[];
}

export interface WatchRequest {
  readonly key: Uint8Array;
  readonly end: Uint8Array;
  readonly startRevision: number;
}

function writeRange(w: Writer, { key, end, limit, keysOnly, descending, serializable }: RangeRequest): void {
  putBytes(w, 1, key);
  if (end !== undefined) putBytes(w, 2, end);
  putNumber(w, 3, limit ?? 0);
  if (descending === true) putNumber(w, 5, 2);
  putFlag(w, 7, serializable === true);
  putFlag(w, 8, keysOnly === true);
}

function writePut(w: Writer, { key, value, lease, ignoreValue }: PutRequest): void {
  putBytes(w, 1, key);
  if (value !== undefined) putBytes(w, 2, value);
  if (lease !== undefined) w.uint32(tag(3, VARINT)).int64String(lease);
  putFlag(w, 5, ignoreValue === true);
}

const [TARGET_CREATE, TARGET_VALUE] = [1, 3];

/** `result` is EQUAL, the default. */
function writeCompare(w: Writer, compare: Compare): void {
  if ('absent' in compare) {
    putNumber(w, 2, TARGET_CREATE);
    putBytes(w, 3, compare.absent);
    // The revision 0 of what was never made is told, though it is the default: it says which target is compared.
    w.uint32(tag(5, VARINT)).int64Number(0);
  } else {
    putNumber(w, 2, TARGET_VALUE);
    putBytes(w, 3, compare.key);
    w.uint32(tag(7, BYTES)).bytes(compare.value);
  }
}

function writeOperation(w: Writer, operation: Operation): void {
  if ('range' in operation) within(w, 1, () => writeRange(w, operation.range));
  else if ('put' in operation) within(w, 2, () => writePut(w, operation.put));
  else within(w, 4, () => writeTxn(w, operation.txn));
}

function writeTxn(w: Writer, { compare, success, failure }: TxnRequest): void {
  for (const one of compare) within(w, 1, () => writeCompare(w, one));
  for (const one of success) within(w, 2, () => writeOperation(w, one));
  for (const one of failure) within(w, 3, () => writeOperation(w, one));
}

export const rangeBytes = (request: RangeRequest): Uint8Array => finished((w) => writeRange(w, request));
export const putBytesOf = (request: PutRequest): Uint8Array => finished((w) => writePut(w, request));
export const txnBytes = (request: TxnRequest): Uint8Array => finished((w) => writeTxn(w, request));

/** Progress is asked for in pieces (`fragment`), so that an answer is never much longer than one write. */
export const watchBytes = ({ key, end, startRevision }: WatchRequest): Uint8Array =>
  finished((w) =>
    within(w, 1, () => {
      putBytes(w, 1, key);
      putBytes(w, 2, end);
      putNumber(w, 3, startRevision);
      putFlag(w, 8, true);
    }),
  );

export const leaseGrantBytes = (seconds: number): Uint8Array => finished((w) => putNumber(w, 1, seconds));

/** Of a request that names a lease and nothing else: to keep it, or to end it. */
export const leaseBytes = (id: string): Uint8Array => finished((w) => void w.uint32(tag(1, VARINT)).int64String(id));

export const authenticateBytes = (user: string, password: string): Uint8Array =>
  finished((w) => void w.uint32(tag(1, BYTES)).string(user).uint32(tag(2, BYTES)).string(password));
