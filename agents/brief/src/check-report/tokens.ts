import { APOSTROPHES, DASHES, QUOTATION_MARKS, SHAPELESS } from './characters.ts';

/**
 * How text is compared. A text is a sequence of tokens: words (letters, digits, marks and `_`; an apostrophe between letters
 * belongs to its word), single characters of scripts without spaces, and punctuation. White space only ends tokens. Typographic
 * variants of one mark are one token: every quotation mark is `"`, every dash `-`, an ellipsis `...`; characters without shape
 * (soft hyphens, zero-width spaces, the byte order mark) are nothing. Letter case counts.
 */
export interface TokenSink {
  /** `canonical` stands for `text[start, end)`. */
  add(canonical: string, start: number, end: number, word: boolean): void;
}

const OTHER = 0;
const WORD = 1;
const SPACE = 2;
const NOTHING = 3;
const QUOTE = 4;
const APOSTROPHE = 5;
const DASH = 6;
const DOT = 7;
const ELLIPSIS = 8;
const UNSPACED = 9;
const HIGH_SURROGATE = 10;

const KINDS: Uint8Array = classify();

function classify(): Uint8Array {
  const kinds = new Uint8Array(0x10000);
  const tests: readonly (readonly [RegExp, number])[] = [
    [
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u,
      UNSPACED,
    ],
    [SHAPELESS, NOTHING],
    [/[\p{L}\p{N}\p{M}_]/u, WORD],
    [/\s/, SPACE],
    [APOSTROPHES, APOSTROPHE],
    [QUOTATION_MARKS, QUOTE],
    [DASHES, DASH],
    [/[.]/, DOT],
    [/…/, ELLIPSIS],
    [/[\ud800-\udbff]/, HIGH_SURROGATE],
  ];
  for (let unit = 0; unit < kinds.length; unit += 1) {
    const character = String.fromCharCode(unit);
    kinds[unit] = tests.find(([pattern]) => character.search(pattern) === 0)?.[1] ?? OTHER;
  }
  return kinds;
}

const kindAt = (text: string, index: number): number => KINDS[text.charCodeAt(index)] ?? OTHER;
const isWordKind = (kind: number): boolean => kind === WORD || kind === UNSPACED;

/** Gives every token of `text[start, end)` to the sink, in order. One pass, no backtracking. */
export function tokenise(text: string, sink: TokenSink, start = 0, end: number = text.length): void {
  let index = start;
  let afterWord = false;
  while (index < end) {
    const kind = kindAt(text, index);
    if (kind === SPACE || kind === NOTHING) {
      if (kind === SPACE) afterWord = false;
      index += 1;
      continue;
    }
    const next = kind === WORD ? addWord(text, index, end, sink) : addMark(text, index, end, kind, afterWord, sink);
    afterWord = isWordKind(kind);
    index = next;
  }
}

function addWord(text: string, start: number, end: number, sink: TokenSink): number {
  let last = start;
  let plain = text.charCodeAt(start) < 0x80;
  let pending = false;
  let index = start + 1;
  for (; index < end; index += 1) {
    const unit = text.charCodeAt(index);
    const kind = KINDS[unit];
    if (kind === WORD) {
      if (unit >= 0x80 || pending) plain = false;
      pending = false;
      last = index;
    } else if (kind === NOTHING) {
      plain = false;
    } else if (kind === APOSTROPHE && !pending) {
      pending = true;
    } else {
      break;
    }
  }
  const written = text.slice(start, last + 1);
  sink.add(plain ? written : canonicalWord(written), start, last + 1, true);
  return last + 1;
}

/** A word without shapeless characters, its apostrophes straight, in compatibility form (`ﬁ` is `fi`). */
function canonicalWord(written: string): string {
  return written.replace(SHAPELESS, '').replace(APOSTROPHES, "'").normalize('NFKC');
}

function addMark(text: string, start: number, end: number, kind: number, afterWord: boolean, sink: TokenSink): number {
  switch (kind) {
    case QUOTE:
    case APOSTROPHE:
      sink.add('"', start, start + 1, false);
      return start + 1;
    case DASH:
      return addDashes(text, start, end, afterWord, sink);
    case DOT:
      return addDots(text, start, end, sink);
    case ELLIPSIS:
      sink.add('...', start, start + 1, false);
      return start + 1;
    case UNSPACED:
      sink.add(text[start] ?? '', start, start + 1, true);
      return start + 1;
    default: {
      const width = kind === HIGH_SURROGATE && start + 1 < end ? 2 : 1;
      sink.add(text.slice(start, start + width), start, start + width, false);
      return start + width;
    }
  }
}

/** Two or three hyphens are a typed dash, unless they begin an option such as `--force`: there each one counts. */
function addDashes(text: string, start: number, end: number, afterWord: boolean, sink: TokenSink): number {
  let index = start;
  while (index < end && kindAt(text, index) === DASH) index += 1;
  const length = index - start;
  const option = !afterWord && length <= 3 && index < end && isWordKind(kindAt(text, index));
  if (!option) {
    sink.add('-', start, index, false);
    return index;
  }
  for (let at = start; at < index; at += 1) sink.add('-', at, at + 1, false);
  return index;
}

function addDots(text: string, start: number, end: number, sink: TokenSink): number {
  let index = start;
  while (index < end && kindAt(text, index) === DOT) index += 1;
  if (index - start >= 3) {
    sink.add('...', start, index, false);
    return index;
  }
  for (let at = start; at < index; at += 1) sink.add('.', at, at + 1, false);
  return index;
}

/** Whether `text[start, end)` begins or ends inside a word: `safe` in `unsafe`, `can` in `can't`, `trivial` in `non-trivial`, `5` in `1.5`. */
export function cutsWord(text: string, start: number, end: number): boolean {
  return joins(text, start - 1, start, -1) || joins(text, end, end - 1, 1);
}

/** Whether the character at `outer`, going on in `step`, is joined into one word with the one at `inner`. */
function joins(text: string, outer: number, inner: number, step: number): boolean {
  if (outer < 0 || outer >= text.length || kindAt(text, inner) !== WORD) return false;
  let at = outer;
  while (kindAt(text, at) === NOTHING) at += step;
  const kind = kindAt(text, at);
  if (kind === WORD) return true;
  const beyond = kindAt(text, at + step) === WORD;
  if (kind === APOSTROPHE) return beyond;
  if (kind === DASH) return beyond && /[-‐‑]/.test(text[at] ?? '');
  if (kind === DOT) return /[0-9]/.test(text[inner] ?? '') && /[0-9]/.test(text[at + step] ?? '');
  return false;
}
