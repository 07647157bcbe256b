import { fromUtf8, plainBytes } from '../bytes.ts';
import { CID_BYTES, cidFromBytes } from '../cid.ts';
import { type ProtocolCode, type Refusal, refuse } from '../codes.ts';
import { DAG_DEPTH_MAX, type DagValue, Link, setField } from './value.ts';

/** Byte strings up to this length are copied, so that keeping a hash does not keep the message it came in. */
const COPY_BYTES_MAX = 64;
const POW32 = 0x100000000;

/** Carries a code from the depth of a decode to its door; never leaves this file. */
class Fault {
  readonly code: ProtocolCode;
  constructor(code: ProtocolCode) {
    this.code = code;
  }
}

const TRUNCATED = new Fault('truncated');
const NOT_CANONICAL = new Fault('not_canonical');
const UNSUPPORTED = new Fault('unsupported_type');
const INTEGER_RANGE = new Fault('integer_range');
const BAD_TEXT = new Fault('bad_text');
const BAD_LINK = new Fault('bad_link');
const TOO_DEEP = new Fault('too_deep');

class Reader {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw TRUNCATED;
    this.at += 1;
    return byte;
  }

  /** Big-endian unsigned integer of 1, 2 or 4 bytes. */
  uint(size: number): number {
    let value = 0;
    for (let i = 0; i < size; i += 1) value = value * 256 + this.byte();
    return value;
  }

  /** The argument of a head; refused unless in its shortest form and within 2^53 - 1. */
  argument(info: number): number {
    if (info < 24) return info;
    if (info === 24) return atLeast(this.uint(1), 24);
    if (info === 25) return atLeast(this.uint(2), 0x100);
    if (info === 26) return atLeast(this.uint(4), 0x10000);
    if (info !== 27) throw info === 31 ? NOT_CANONICAL : UNSUPPORTED;
    const high = atLeast(this.uint(4), 1);
    const low = this.uint(4);
    if (high > 0x1fffff) throw INTEGER_RANGE;
    return high * POW32 + low;
  }

  /** Moves over `length` bytes and says where they begin. */
  take(length: number): number {
    const start = this.at;
    if (length > this.bytes.length - start) throw TRUNCATED;
    this.at = start + length;
    return start;
  }
}

function atLeast(value: number, least: number): number {
  if (value < least) throw NOT_CANONICAL;
  return value;
}

function readText(reader: Reader, length: number): string {
  const start = reader.take(length);
  const { bytes } = reader;
  if (length <= COPY_BYTES_MAX) {
    let text = '';
    for (let i = start; i < reader.at; i += 1) {
      const byte = bytes[i] ?? 0;
      if (byte > 0x7f) break;
      text += String.fromCharCode(byte);
    }
    if (text.length === length) return text;
  }
  const text = fromUtf8(bytes.subarray(start, reader.at));
  if (text === undefined) throw BAD_TEXT;
  return text;
}

function readBytes(reader: Reader, length: number): Uint8Array {
  const start = reader.take(length);
  return length <= COPY_BYTES_MAX ? reader.bytes.slice(start, reader.at) : reader.bytes.subarray(start, reader.at);
}

function readLink(reader: Reader): Link {
  if (reader.byte() !== 0x58 || reader.byte() !== CID_BYTES + 1 || reader.byte() !== 0) throw BAD_LINK;
  const cid = cidFromBytes(reader.bytes, reader.take(CID_BYTES));
  if (cid === undefined) throw BAD_LINK;
  return new Link(cid);
}

/** Strictly ascending: shorter first, then by bytes. So no key occurs twice. */
function requireAscending(bytes: Uint8Array, before: number, beforeEnd: number, key: number, keyEnd: number): void {
  const difference = beforeEnd - before - (keyEnd - key);
  if (difference < 0) return;
  if (difference > 0) throw NOT_CANONICAL;
  for (let i = 0; before + i < beforeEnd; i += 1) {
    const step = (bytes[key + i] ?? 0) - (bytes[before + i] ?? 0);
    if (step > 0) return;
    if (step < 0) throw NOT_CANONICAL;
  }
  throw NOT_CANONICAL;
}

function readMap(reader: Reader, length: number, depth: number): DagValue {
  const map: Record<string, DagValue> = {};
  let before = 0;
  let beforeEnd = 0;
  for (let i = 0; i < length; i += 1) {
    const head = reader.byte();
    if (head >>> 5 !== 3) throw UNSUPPORTED;
    const keyLength = reader.argument(head & 31);
    const key = reader.at;
    const name = readText(reader, keyLength);
    if (i > 0) requireAscending(reader.bytes, before, beforeEnd, key, reader.at);
    before = key;
    beforeEnd = reader.at;
    setField(map, name, readValue(reader, depth));
  }
  return map;
}

function readList(reader: Reader, length: number, depth: number): DagValue {
  // Each item takes a byte at least: a length that cannot be met must not size an allocation.
  if (length > reader.bytes.length - reader.at) throw TRUNCATED;
  const list: DagValue[] = [];
  for (let i = 0; i < length; i += 1) list.push(readValue(reader, depth));
  return list;
}

function readSimple(info: number): DagValue {
  if (info === 22) return null;
  if (info === 20) return false;
  if (info === 21) return true;
  throw UNSUPPORTED;
}

function readValue(reader: Reader, depth: number): DagValue {
  const head = reader.byte();
  const major = head >>> 5;
  const info = head & 31;
  if (major === 7) return readSimple(info);
  const argument = reader.argument(info);
  switch (major) {
    case 0:
      return argument;
    case 1:
      if (argument === Number.MAX_SAFE_INTEGER) throw INTEGER_RANGE;
      return -1 - argument;
    case 2:
      return readBytes(reader, argument);
    case 3:
      return readText(reader, argument);
    case 6:
      if (argument !== 42) throw UNSUPPORTED;
      return readLink(reader);
    default:
      if (depth >= DAG_DEPTH_MAX) throw TOO_DEEP;
      return major === 4 ? readList(reader, argument, depth + 1) : readMap(reader, argument, depth + 1);
  }
}

/**
 * The value of a canonical DAG-CBOR block. Whatever `encodeCbor` would not have written is refused: longer heads, unsorted or
 * repeated keys, indefinite lengths, floats, undefined, other tags, integers beyond 2^53 - 1, text that is not UTF-8, links
 * to foreign CIDs, trailing bytes. Long byte strings in the result are views of the input, which must stay unchanged.
 */
export function decodeCbor(input: Uint8Array): { readonly ok: true; readonly value: DagValue } | Refusal {
  const reader = new Reader(plainBytes(input));
  try {
    const value = readValue(reader, 0);
    return reader.at === reader.bytes.length ? { ok: true, value } : refuse('trailing_bytes');
  } catch (fault) {
    if (fault instanceof Fault) return refuse(fault.code);
    throw fault;
  }
}
