/** Helpers on byte strings: hex, comparison, concatenation, UTF-8. Nothing here keeps or changes its input. */

const DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const DIGEST_BYTES = 32;
/** Where the digits of a digest are put together: most of what is written so is one. */
const DIGEST_DIGITS = new Uint8Array(2 * DIGEST_BYTES);
const HEX_TEXT = /^(?:[0-9a-f]{2})*$/;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Lower-case hexadecimal. The text is in one piece: one that was added up would be kept as the chain of its parts, ten times as large. */
export function toHex(bytes: Uint8Array): string {
  const digits = bytes.length === DIGEST_BYTES ? DIGEST_DIGITS : new Uint8Array(2 * bytes.length);
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i] ?? 0;
    digits[2 * i] = DIGITS[byte >>> 4] ?? 0;
    digits[2 * i + 1] = DIGITS[byte & 15] ?? 0;
  }
  return decoder.decode(digits);
}

/** The text of bytes of ASCII, in one piece. */
export const fromAscii = (bytes: Uint8Array): string => decoder.decode(bytes);

/** Bytes of lower-case hexadecimal; anything else is a broken invariant of the caller and throws. */
export function fromHex(text: string): Uint8Array {
  if (!HEX_TEXT.test(text)) throw new TypeError('not lower-case hexadecimal');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** True when both have the same length and content. Not constant-time: nothing compared here is secret. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  const { length } = left;
  if (length !== right.length) return false;
  for (let i = 0; i < length; i += 1) if (left[i] !== right[i]) return false;
  return true;
}

/** Lexicographic order of bytes: negative, zero or positive. A prefix sorts before what it begins. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Order of two texts by their UTF-8 bytes, whatever the locale: negative, zero or positive. */
export function compareText(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i += 1) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return a < 0x80 && b < 0x80 ? a - b : compareBytes(encoder.encode(left), encoder.encode(right));
  }
  return left.length - right.length;
}

/** One byte string made of all the parts in order. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Up to this length a text of ASCII is encoded faster here than by the platform. */
const SHORT = 96;

/** UTF-8 bytes of a text. A lone surrogate has none: that is a broken invariant of the caller. */
export function utf8(text: string): Uint8Array {
  return (text.length <= SHORT ? ascii(text) : undefined) ?? encoded(text);
}

function ascii(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return undefined;
    bytes[i] = unit;
  }
  return bytes;
}

function encoded(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new TypeError('text with a lone surrogate has no UTF-8 form');
  return encoder.encode(text);
}

/** The text of well-formed UTF-8 (a byte order mark is kept), or undefined. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** How many UTF-8 bytes a well-formed text takes. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // A surrogate pair is two units and four bytes: each half adds one.
    length += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return length;
}

/** A short map key for the 32 bytes at `at`: 16 characters, not for people. Distinct bytes have distinct keys. */
export function key32(bytes: Uint8Array, at = 0): string {
  const pair = (i: number): number => ((bytes[at + i] ?? 0) << 8) | (bytes[at + i + 1] ?? 0);
  return String.fromCharCode(
    pair(0),
    pair(2),
    pair(4),
    pair(6),
    pair(8),
    pair(10),
    pair(12),
    pair(14),
    pair(16),
    pair(18),
    pair(20),
    pair(22),
    pair(24),
    pair(26),
    pair(28),
    pair(30),
  );
}

/** Unsigned 32-bit big endian. */
export function u32be(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw new RangeError(`not a u32: ${value}`);
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

/** A plain Uint8Array over the same memory, so that subclasses (whose `slice` may alias) never leak in. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
