import { type Reader, reader } from 'protons-runtime';

/** etcd's answers, as far as they are used. Throws for bytes that are no protocol buffer; unknown fields are passed over. */

export interface KeyValue {
  readonly key: Uint8Array;
  /** The revision that made the key, and the one that wrote it last. */
  readonly createRevision: number;
  readonly modRevision: number;
  readonly value: Uint8Array;
}

export interface RangeAnswer {
  /** The store's revision as of the answer; 0 within a transaction. */
  readonly revision: number;
  readonly kvs: readonly KeyValue[];
  /** Whether there is more within the range than the limit let through. */
  readonly more: boolean;
}

export type OperationAnswer = { readonly range: RangeAnswer } | { readonly other: true };

export interface TxnAnswer {
  readonly revision: number;
  readonly succeeded: boolean;
  readonly answers: readonly OperationAnswer[];
}

export interface WatchAnswer {
  readonly revision: number;
  readonly created: boolean;
  readonly canceled: boolean;
  /** Not 0: the history from where the watch was to begin is gone, up to here. */
  readonly compactRevision: number;
  readonly cancelReason: string;
  /** More of the same answer follows. */
  readonly fragment: boolean;
  /** Keys that were written; of deletions nothing is told. */
  readonly puts: readonly KeyValue[];
}

export interface StatusAnswer {
  readonly version: string;
  /** Members of one cluster say the same. */
  readonly clusterId: string;
  readonly memberId: string;
  /** '0' when the member knows no leader. */
  readonly leader: string;
  readonly revision: number;
  readonly dbSize: number;
  readonly dbSizeInUse: number;
  readonly errors: readonly string[];
}

const NO_BYTES = new Uint8Array(0);

/** Reads the fields of one message; `take` reads a field it knows and says so. */
function fields(r: Reader, end: number, take: (field: number) => boolean): void {
  while (r.pos < end) {
    const tag = r.uint32();
    if (!take(tag >>> 3)) r.skipType(tag & 7);
  }
}

/** Reads a message within one. */
function inner<T>(r: Reader, read: (r: Reader, end: number) => T): T {
  const length = r.uint32();
  const end = r.pos + length;
  if (end > r.len) throw new Error('a message ends beyond its answer');
  return read(r, end);
}

function readRevision(r: Reader, end: number): number {
  let revision = 0;
  fields(r, end, (field) => {
    if (field !== 3) return false;
    revision = r.int64Number();
    return true;
  });
  return revision;
}

function readHeader(r: Reader, end: number): Pick<StatusAnswer, 'clusterId' | 'memberId' | 'revision'> {
  const header = { clusterId: '0', memberId: '0', revision: 0 };
  fields(r, end, (field) => {
    if (field === 1) header.clusterId = r.uint64String();
    else if (field === 2) header.memberId = r.uint64String();
    else if (field === 3) header.revision = r.int64Number();
    else return false;
    return true;
  });
  return header;
}

function readKeyValue(r: Reader, end: number): KeyValue {
  const kv = { key: NO_BYTES as Uint8Array, createRevision: 0, modRevision: 0, value: NO_BYTES as Uint8Array };
  fields(r, end, (field) => {
    if (field === 1) kv.key = r.bytes();
    else if (field === 2) kv.createRevision = r.int64Number();
    else if (field === 3) kv.modRevision = r.int64Number();
    else if (field === 5) kv.value = r.bytes();
    else return false;
    return true;
  });
  return kv;
}

function readRange(r: Reader, end: number): RangeAnswer {
  const kvs: KeyValue[] = [];
  const answer = { revision: 0, kvs, more: false };
  fields(r, end, (field) => {
    if (field === 1) answer.revision = inner(r, readRevision);
    else if (field === 2) kvs.push(inner(r, readKeyValue));
    else if (field === 3) answer.more = r.bool();
    else return false;
    return true;
  });
  return answer;
}

function readOperation(r: Reader, end: number): OperationAnswer {
  let answer: OperationAnswer = { other: true };
  fields(r, end, (field) => {
    if (field !== 1) return false;
    answer = { range: inner(r, readRange) };
    return true;
  });
  return answer;
}

/** Of which cluster the member is that gave the answer: every answer begins with that. */
export function clusterOf(bytes: Uint8Array): string {
  const r = reader(bytes);
  let clusterId = '0';
  fields(r, bytes.length, (field) => {
    if (field !== 1) return false;
    ({ clusterId } = inner(r, readHeader));
    return true;
  });
  return clusterId;
}

export const rangeAnswer = (bytes: Uint8Array): RangeAnswer => readRange(reader(bytes), bytes.length);

export function txnAnswer(bytes: Uint8Array): TxnAnswer {
  const r = reader(bytes);
  const answers: OperationAnswer[] = [];
  const answer = { revision: 0, succeeded: false, answers };
  fields(r, bytes.length, (field) => {
    if (field === 1) answer.revision = inner(r, readRevision);
    else if (field === 2) answer.succeeded = r.bool();
    else if (field === 3) answers.push(inner(r, readOperation));
    else return false;
    return true;
  });
  return answer;
}

function readEvent(r: Reader, end: number): KeyValue | null {
  let type = 0;
  let kv: KeyValue | null = null;
  fields(r, end, (field) => {
    if (field === 1) type = r.uint32();
    else if (field === 2) kv = inner(r, readKeyValue);
    else return false;
    return true;
  });
  return type === 0 ? kv : null;
}

export function watchAnswer(bytes: Uint8Array): WatchAnswer {
  const r = reader(bytes);
  const puts: KeyValue[] = [];
  const answer = {
    revision: 0,
    created: false,
    canceled: false,
    compactRevision: 0,
    cancelReason: '',
    fragment: false,
    puts,
  };
  fields(r, bytes.length, (field) => {
    if (field === 1) answer.revision = inner(r, readRevision);
    else if (field === 3) answer.created = r.bool();
    else if (field === 4) answer.canceled = r.bool();
    else if (field === 5) answer.compactRevision = r.int64Number();
    else if (field === 6) answer.cancelReason = r.string();
    else if (field === 7) answer.fragment = r.bool();
    else if (field === 11) {
      const kv = inner(r, readEvent);
      if (kv !== null) puts.push(kv);
    } else return false;
    return true;
  });
  return answer;
}

export function statusAnswer(bytes: Uint8Array): StatusAnswer {
  const r = reader(bytes);
  const errors: string[] = [];
  const answer = {
    version: '',
    clusterId: '0',
    memberId: '0',
    leader: '0',
    revision: 0,
    dbSize: 0,
    dbSizeInUse: 0,
    errors,
  };
  fields(r, bytes.length, (field) => {
    if (field === 1) Object.assign(answer, inner(r, readHeader));
    else if (field === 2) answer.version = r.string();
    else if (field === 3) answer.dbSize = r.int64Number();
    else if (field === 4) answer.leader = r.uint64String();
    else if (field === 8) errors.push(r.string());
    else if (field === 9) answer.dbSizeInUse = r.int64Number();
    else return false;
    return true;
  });
  return answer;
}

/** The id of a lease. */
export function leaseAnswer(bytes: Uint8Array): string {
  const r = reader(bytes);
  let id = '0';
  fields(r, bytes.length, (field) => {
    if (field !== 2) return false;
    id = r.int64String();
    return true;
  });
  return id;
}

/** The seconds that a lease has yet, as it was kept; 0 of one that is over. */
export function leaseKeptAnswer(bytes: Uint8Array): number {
  const r = reader(bytes);
  let seconds = 0;
  fields(r, bytes.length, (field) => {
    if (field !== 3) return false;
    seconds = r.int64Number();
    return true;
  });
  return seconds;
}

export function tokenAnswer(bytes: Uint8Array): string {
  const r = reader(bytes);
  let token = '';
  fields(r, bytes.length, (field) => {
    if (field !== 2) return false;
    token = r.string();
    return true;
  });
  return token;
}
