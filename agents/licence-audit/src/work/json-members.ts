import { fromUtf8 } from '@canswarm/protocol';
import { JSON_DEPTH_MAX } from '../rules.ts';

/** A member of a JSON object: its key, and where it stands in bytes, from the quotation mark of the key to the end of the value. */
export interface Member {
  readonly key: string;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** JSON as a value and as bytes, of which members can be asked for. */
export interface JsonText {
  readonly bytes: Uint8Array;
  readonly value: unknown;
  /** Where the value begins. */
  readonly start: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const CLOSE: ReadonlySet<number> = new Set([0x7d, 0x5d]);
const SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const AFTER_SCALAR: ReadonlySet<number> = new Set([0x2c, 0x7d, 0x5d, 0x20, 0x09, 0x0a, 0x0d]);
const BYTE_ORDER_MARK = '\uFEFF';

/** Reads JSON, with a byte order mark or without; undefined when it is none, no UTF-8, or nested deeper than is read. */
export function readJson(bytes: Uint8Array): JsonText | undefined {
  const text = fromUtf8(bytes);
  if (text === undefined || isTooDeep(bytes)) return undefined;
  const marked = text.startsWith(BYTE_ORDER_MARK);
  try {
    const value: unknown = JSON.parse(marked ? text.slice(1) : text);
    return { bytes, value, start: skipSpace(bytes, marked ? 3 : 0) };
  } catch {
    return undefined;
  }
}

function isTooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) at = stringEnd(bytes, at) - 1;
    else if (OPEN.has(byte)) depth += 1;
    else if (CLOSE.has(byte)) depth -= 1;
    if (depth > JSON_DEPTH_MAX) return true;
  }
  return false;
}

/** Members of the object that begins at `start` in sound JSON, in the order of the text. */
export function membersAt(bytes: Uint8Array, start: number): Member[] {
  const members: Member[] = [];
  let at = skipSpace(bytes, start + 1);
  while (bytes[at] === QUOTE) {
    const keyEnd = stringEnd(bytes, at);
    const colon = skipSpace(bytes, keyEnd);
    if (bytes[colon] !== COLON) throw new Error('sound JSON has a colon after a key');
    const valueStart = skipSpace(bytes, colon + 1);
    const end = valueEnd(bytes, valueStart);
    members.push({ key: keyOf(bytes.subarray(at, keyEnd)), start: at, valueStart, end });
    // A comma, or the closing brace: then no key follows.
    at = skipSpace(bytes, skipSpace(bytes, end) + 1);
    if (bytes[skipSpace(bytes, end)] !== 0x2c) break;
  }
  return members;
}

/** The member that counts: the last of its key, as every reader of JSON has it. */
export function memberAt(bytes: Uint8Array, start: number, key: string): Member | undefined {
  return membersAt(bytes, start).findLast((member) => member.key === key);
}

const keyOf = (quoted: Uint8Array): string => String(JSON.parse(fromUtf8(quoted) ?? '""'));

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (SPACE.has(bytes[at] ?? 0)) at += 1;
  return at;
}

/** Behind the closing quotation mark of the string that begins at `from`. */
function stringEnd(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

function valueEnd(bytes: Uint8Array, from: number): number {
  const first = bytes[from] ?? 0;
  if (first === QUOTE) return stringEnd(bytes, from);
  let at = from;
  if (!OPEN.has(first)) {
    while (at < bytes.length && !AFTER_SCALAR.has(bytes[at] ?? 0)) at += 1;
    return at;
  }
  for (let depth = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) at = stringEnd(bytes, at) - 1;
    else if (OPEN.has(byte)) depth += 1;
    else if (CLOSE.has(byte)) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return at;
}
