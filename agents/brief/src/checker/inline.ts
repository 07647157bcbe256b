/** What a scan of running text reports. Offsets are bytes of the array scanned. */
export interface InlineSink {
  /** A run of letters and digits; `foreign` when it holds characters beyond ASCII. */
  word(start: number, end: number, foreign: boolean): void;
  /** A part of the word just reported, where its case changes as in `requiredOption`. */
  part?(start: number, end: number): void;
  /** Words just reported that hyphens or underscores join, as in `readable-stream`. */
  compound?(start: number, end: number): void;
  /** An HTML tag: name in lower case, with `/` before it when it closes. `end` is the first byte behind it. */
  tag?(name: string, end: number): void;
  /** The label of a Markdown link may begin here. */
  labelOpen?(): void;
  /** The label that began last was that of a link. */
  labelClose?(): void;
}

const OTHER = 0;
const LOWER = 1;
const UPPER = 2;
const HIGH = 3;

const CLASSES = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  const isUpper = byte >= 0x41 && byte <= 0x5a;
  const isLower = (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39);
  CLASSES[byte] = byte >= 0x80 ? HIGH : isUpper ? UPPER : isLower ? LOWER : OTHER;
}

const SLASH = 0x2f;
const COLON = 0x3a;
const LESS = 0x3c;
const GREATER = 0x3e;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const ROUND_OPEN = 0x28;
const ROUND_CLOSE = 0x29;
const AMPERSAND = 0x26;
const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;
/** Longest tag, address or comment mark looked for, in bytes: no input makes a scan slower than linear. */
const MARK_BYTES_MAX = 2048;
const ENTITY_BYTES_MAX = 12;
const TAG_NAME_BYTES_MAX = 16;

/**
 * Reads `bytes[from, to)` as running text of Markdown or HTML: reports words, and passes over tags, comments, entities and
 * addresses. Works on UTF-8 bytes; a range that cuts a character only yields a word that matches nothing.
 */
export function scanInline(bytes: Uint8Array, from: number, to: number, sink: InlineSink): void {
  let at = from;
  while (at < to) {
    const byte = bytes[at] ?? 0;
    const kind = CLASSES[byte] ?? OTHER;
    if (kind === HIGH) {
      const separator = separatorLength(bytes, at);
      at = separator > 0 ? at + separator : scanCompound(bytes, at, to, sink);
    } else if (kind !== OTHER) {
      at = scanCompound(bytes, at, to, sink);
    } else if (byte === LESS) {
      at = scanTag(bytes, at, to, sink);
    } else if (byte === OPEN) {
      sink.labelOpen?.();
      at++;
    } else if (byte === CLOSE) {
      at = scanTarget(bytes, at, to, sink);
    } else if (byte === AMPERSAND) {
      const end = bounded(bytes, 0x3b, at, to, ENTITY_BYTES_MAX);
      at = end === -1 ? at + 1 : end + 1;
    } else {
      at++;
    }
  }
}

/** Length of the character at `at` when it is punctuation, a symbol or a picture; 0 when it is part of a word. */
function separatorLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  if (first === 0xc2) return 2;
  if (first === 0xe2) return 3;
  if (first === 0xe3) return second === 0x80 ? 3 : 0;
  if (first === 0xef) return second === 0xbb || (second === 0xbc && (bytes[at + 2] ?? 0) < 0x90) ? 3 : 0;
  return first === 0xf0 && second === 0x9f ? 4 : 0;
}

function scanCompound(bytes: Uint8Array, start: number, to: number, sink: InlineSink): number {
  let at = scanWord(bytes, start, to, sink);
  let joined = false;
  while (at + 1 < to && (bytes[at] === HYPHEN || bytes[at] === UNDERSCORE) && isAsciiWord(bytes[at + 1] ?? 0)) {
    joined = true;
    at = scanWord(bytes, at + 1, to, sink);
  }
  if (joined) sink.compound?.(start, at);
  return at;
}

const isAsciiWord = (byte: number): boolean => CLASSES[byte] === LOWER || CLASSES[byte] === UPPER;

function scanWord(bytes: Uint8Array, start: number, to: number, sink: InlineSink): number {
  let at = start;
  let foreign = false;
  let camel = false;
  let before = OTHER;
  for (; at < to; at++) {
    const kind = CLASSES[bytes[at] ?? 0] ?? OTHER;
    if (kind === OTHER) break;
    if (kind === HIGH) {
      if ((bytes[at] ?? 0) >= 0xc0 && separatorLength(bytes, at) > 0) break;
      foreign = true;
    }
    camel ||= kind === UPPER && before === LOWER;
    before = kind;
  }
  if (bytes[at] === COLON && bytes[at + 1] === SLASH && bytes[at + 2] === SLASH) return skipAddress(bytes, at, to);
  sink.word(start, at, foreign);
  if (camel && sink.part !== undefined) reportParts(bytes, start, at, sink);
  return at;
}

function reportParts(bytes: Uint8Array, start: number, end: number, sink: InlineSink): void {
  let partStart = start;
  for (let at = start + 1; at <= end; at++) {
    const turns = at < end && CLASSES[bytes[at] ?? 0] === UPPER && CLASSES[bytes[at - 1] ?? 0] === LOWER;
    if (!turns && at < end) continue;
    if (at - partStart > 2) sink.part?.(partStart, at);
    partStart = at;
  }
}

function skipAddress(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  for (; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte <= 0x20 || byte === LESS || byte === GREATER || byte === ROUND_CLOSE || byte === CLOSE || byte === 0x22)
      break;
  }
  return at;
}

/** What follows `]`: the address or name of a link, which is no text. */
function scanTarget(bytes: Uint8Array, at: number, to: number, sink: InlineSink): number {
  const next = bytes[at + 1];
  if (at + 1 >= to || (next !== ROUND_OPEN && next !== OPEN)) return at + 1;
  const end = bounded(bytes, next === ROUND_OPEN ? ROUND_CLOSE : CLOSE, at + 2, to, MARK_BYTES_MAX);
  if (end === -1) return at + 1;
  sink.labelClose?.();
  return end + 1;
}

function scanTag(bytes: Uint8Array, at: number, to: number, sink: InlineSink): number {
  if (bytes[at + 1] === 0x21 && bytes[at + 2] === 0x2d && bytes[at + 3] === 0x2d) {
    return commentEnd(bytes, at + 4, to);
  }
  const closing = bytes[at + 1] === SLASH;
  const nameStart = closing ? at + 2 : at + 1;
  const kind = CLASSES[bytes[nameStart] ?? 0];
  if (nameStart >= to || (kind !== LOWER && kind !== UPPER)) return at + 1;
  const end = tagEnd(bytes, nameStart, to);
  if (end === -1) return at + 1;
  if (sink.tag !== undefined) sink.tag((closing ? '/' : '') + tagName(bytes, nameStart), end + 1);
  return end + 1;
}

/** Where the tag closes; -1 when another begins first: `a < b` is no tag. */
function tagEnd(bytes: Uint8Array, from: number, to: number): number {
  const end = Math.min(to, from + MARK_BYTES_MAX);
  for (let at = from; at < end && bytes[at] !== LESS; at++) if (bytes[at] === GREATER) return at;
  return -1;
}

function tagName(bytes: Uint8Array, start: number): string {
  let name = '';
  for (let at = start; at < start + TAG_NAME_BYTES_MAX; at++) {
    const byte = bytes[at] ?? 0;
    const kind = CLASSES[byte];
    if (kind !== LOWER && kind !== UPPER) break;
    name += String.fromCharCode(byte | 0x20);
  }
  return name;
}

function commentEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = bytes.indexOf(GREATER, from); at !== -1 && at < to; at = bytes.indexOf(GREATER, at + 1)) {
    if (bytes[at - 1] === 0x2d && bytes[at - 2] === 0x2d) return at + 1;
  }
  return to;
}

/** Where `byte` stands in `[from, min(to, from + max))`, or -1. */
function bounded(bytes: Uint8Array, byte: number, from: number, to: number, max: number): number {
  const end = Math.min(to, from + max);
  for (let at = from; at < end; at++) if (bytes[at] === byte) return at;
  return -1;
}
