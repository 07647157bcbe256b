import { compareBytes, utf8 } from '../bytes.ts';
import { CID_BYTES, cidToBytes } from '../cid.ts';
import { DAG_DEPTH_MAX, type DagMap, type DagValue, isList, Link } from './value.ts';

const encoder = new TextEncoder();
/** Where values are put together; one that is larger gets room of its own. */
const SCRATCH = new Uint8Array(64 * 1024);
const POW32 = 0x100000000;

/** Bytes under construction. One at a time: they share their room. */
class Writer {
  bytes = SCRATCH;
  at = 0;

  reserve(length: number): void {
    const needed = this.at + length;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
  }

  /** A CBOR head in its shortest form: major type in the top three bits, then the argument. */
  head(major: number, argument: number): void {
    this.reserve(9);
    const { bytes } = this;
    if (argument < 24) {
      bytes[this.at++] = major | argument;
    } else if (argument < 0x100) {
      bytes[this.at++] = major | 24;
      bytes[this.at++] = argument;
    } else if (argument < 0x10000) {
      bytes[this.at++] = major | 25;
      bytes[this.at++] = argument >>> 8;
      bytes[this.at++] = argument;
    } else if (argument < POW32) {
      bytes[this.at++] = major | 26;
      this.word(argument);
    } else {
      bytes[this.at++] = major | 27;
      this.word(Math.floor(argument / POW32));
      this.word(argument % POW32);
    }
  }

  word(value: number): void {
    const { bytes } = this;
    bytes[this.at++] = value >>> 24;
    bytes[this.at++] = value >>> 16;
    bytes[this.at++] = value >>> 8;
    bytes[this.at++] = value;
  }

  put(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

function writeText(writer: Writer, text: string): void {
  if (isAscii(text)) {
    writer.head(0x60, text.length);
    writer.reserve(text.length);
    const { bytes } = writer;
    for (let i = 0; i < text.length; i += 1) bytes[writer.at++] = text.charCodeAt(i);
    return;
  }
  const bytes = utf8(text);
  writer.head(0x60, bytes.length);
  writer.put(bytes);
}

/** DAG-CBOR order of map keys: shorter UTF-8 first, then by bytes. */
function compareKeys(left: string, right: string): number {
  if (isAscii(left) && isAscii(right)) {
    if (left.length !== right.length) return left.length - right.length;
    return left < right ? -1 : 1;
  }
  const a = encoder.encode(left);
  const b = encoder.encode(right);
  return a.length === b.length ? compareBytes(a, b) : a.length - b.length;
}

/** Names of the fields of a map in the order of the codec. */
export function sortedKeys(map: object): readonly string[] {
  const keys = Object.keys(map);
  for (let i = 1; i < keys.length; i += 1) {
    if (compareKeys(keys[i - 1] ?? '', keys[i] ?? '') > 0) return keys.sort(compareKeys);
  }
  return keys;
}

/** Tag 42, then a byte string of 37: the identity multibase prefix and the binary CID. */
const LINK_HEAD = Uint8Array.of(0xd8, 42, 0x58, CID_BYTES + 1, 0);

function writeLink(writer: Writer, link: Link): void {
  const bytes = cidToBytes(link.cid);
  if (bytes === undefined) throw new TypeError(`not a CID of this network: ${link.cid}`);
  writer.put(LINK_HEAD);
  writer.put(bytes);
}

function writeInteger(writer: Writer, value: number): void {
  if (!Number.isSafeInteger(value)) throw new TypeError(`not an integer within 2^53 - 1: ${value}`);
  if (value >= 0) writer.head(0x00, value);
  else writer.head(0x20, -1 - value);
}

function writeNested(writer: Writer, value: readonly DagValue[] | DagMap, depth: number): void {
  if (depth >= DAG_DEPTH_MAX) throw new RangeError(`nested deeper than ${DAG_DEPTH_MAX}`);
  if (isList(value)) {
    writer.head(0x80, value.length);
    for (const item of value) writeValue(writer, item, depth + 1);
    return;
  }
  if (!isPlain(value)) throw new TypeError(`not a value of the data model: ${value.constructor?.name}`);
  const keys = sortedKeys(value);
  writer.head(0xa0, keys.length);
  for (const key of keys) {
    writeText(writer, key);
    writeValue(writer, value[key], depth + 1);
  }
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function writeValue(writer: Writer, value: DagValue | undefined, depth: number): void {
  if (typeof value === 'string') {
    writeText(writer, value);
  } else if (typeof value === 'number') {
    writeInteger(writer, value);
  } else if (value === null || typeof value === 'boolean') {
    writer.head(0xe0, value === null ? 22 : value ? 21 : 20);
  } else if (value instanceof Uint8Array) {
    writer.head(0x40, value.length);
    writer.put(value);
  } else if (value instanceof Link) {
    writeLink(writer, value);
  } else if (typeof value === 'object') {
    writeNested(writer, value, depth);
  } else {
    throw new TypeError(`not a value of the data model: ${typeof value}`);
  }
}

/**
 * The one DAG-CBOR form of a value. Throws a TypeError or RangeError for what the data model cannot hold (floats, undefined,
 * lone surrogates, foreign CIDs): a defect of the caller.
 */
export function encodeCbor(value: DagValue): Uint8Array {
  const writer = new Writer();
  writeValue(writer, value, 0);
  return writer.bytes.slice(0, writer.at);
}
