import { decodeReference } from './entities.ts';
import { cover, type InlineSpan, JOIN, SPACE, type TextRange } from './reading.ts';

/** What the inline pass works on, for a whole document. */
export interface InlineContext {
  readonly source: string;
  /** The document's code units; block markup is covered already. */
  readonly units: Uint16Array;
  /** Labels of reference links that the document defines, in lower case. */
  readonly definitions: ReadonlySet<string>;
  readonly spans: InlineSpan[] | null;
}

const BACKTICKS_MAX = 32;
const PARENTHESES_MAX = 8;
const LABEL_LENGTH_MAX = 200;

const PUNCTUATION = /[!-/:-@[-`{-~]/;
const WORD = /[\p{L}\p{N}]/u;
/** Every character that may begin inline markup. */
const SPECIAL = /[\\`![\]<*_~&]/g;
const AUTOLINK = /<(?:[a-z][a-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]{1,200}@[^\s<>@]{1,200})>/iy;
const TAG_START = /<(?:\/?([a-z][a-z0-9-]{0,40})(?=[\s/>])|!--|\?)/iy;
const SEPARATING_TAG =
  /^(?:br|hr|p|div|li|ul|ol|td|th|tr|table|h[1-6]|pre|blockquote|dd|dt|details|summary|img|section|sub|sup)$/i;

/** What may follow the address inside the round brackets of a link: a title, then the end. */
const TITLE_AND_END = /\s{1,100}(?:(?:"[^"]{0,300}"|'[^']{0,300}'|\([^)]{0,300}\))\s{0,100})?\)/y;

interface Opener {
  readonly index: number;
  readonly image: boolean;
}

/**
 * State of one block's pass. Indices are relative to the block's `start`, so that no search looks beyond the block; the `dead*`
 * fields keep the pass linear: a search that failed once is not made again.
 */
interface Pass {
  readonly start: number;
  readonly end: number;
  readonly source: string;
  readonly units: Uint16Array;
  readonly definitions: ReadonlySet<string>;
  readonly spans: InlineSpan[] | null;
  readonly openers: Opener[];
  readonly deadRuns: Set<number>;
  deadTagsBefore: number;
  deadTargetsBefore: number;
}

/**
 * Covers the inline markup of one block `[start, end)` and collects its spans. Knows what documents use in practice (code
 * spans, links, images, emphasis, HTML tags, escapes, character references), each by one forward scan.
 */
export function coverInline(context: InlineContext, start: number, end: number): void {
  const pass: Pass = {
    start,
    end: end - start,
    source: context.source.slice(start, end),
    units: context.units.subarray(start, end),
    definitions: context.definitions,
    spans: context.spans,
    openers: [],
    deadRuns: new Set(),
    deadTagsBefore: 0,
    deadTargetsBefore: 0,
  };
  let index = 0;
  while (index < pass.end) {
    SPECIAL.lastIndex = index;
    const match = SPECIAL.exec(pass.source);
    if (match === null) return;
    index = coverAt(pass, match.index, match[0]);
  }
}

function addSpan(pass: Pass, kind: InlineSpan['kind'], range: TextRange, text: TextRange, target: string): void {
  if (pass.spans === null) return;
  const shift = (inner: TextRange): TextRange => ({ start: inner.start + pass.start, end: inner.end + pass.start });
  pass.spans.push({ kind, ...shift(range), text: shift(text), target });
}

function coverAt(pass: Pass, index: number, character: string): number {
  switch (character) {
    case '\\':
      return coverEscape(pass, index);
    case '`':
      return coverCode(pass, index);
    case '!':
      if (pass.source[index + 1] !== '[') return index + 1;
      pass.openers.push({ index: index + 1, image: true });
      return index + 2;
    case '[':
      pass.openers.push({ index, image: false });
      return index + 1;
    case ']':
      return coverBracket(pass, index);
    case '<':
      return coverTag(pass, index);
    case '&':
      return Math.max(index + 1, decodeReference(pass.source, pass.units, index));
    default:
      return coverEmphasis(pass, index, character);
  }
}

function coverEscape(pass: Pass, index: number): number {
  const next = pass.source[index + 1];
  if (next === undefined || !PUNCTUATION.test(next)) return index + 1;
  pass.units[index] = JOIN;
  return index + 2;
}

function runLength(pass: Pass, index: number, character: string): number {
  let end = index;
  while (end < pass.end && pass.source[end] === character) end += 1;
  return end - index;
}

function coverCode(pass: Pass, index: number): number {
  const length = runLength(pass, index, '`');
  if (length > BACKTICKS_MAX || pass.deadRuns.has(length)) return index + length;
  let at = index + length;
  while (at < pass.end) {
    at = pass.source.indexOf('`', at);
    if (at < 0) break;
    const closing = runLength(pass, at, '`');
    if (closing === length) {
      cover(pass.units, index, index + length, JOIN);
      cover(pass.units, at, at + length, JOIN);
      const text = { start: index + length, end: at };
      addSpan(pass, 'code', { start: index, end: at + length }, text, pass.source.slice(text.start, text.end));
      return at + length;
    }
    at += closing;
  }
  pass.deadRuns.add(length);
  return index + length;
}

function coverEmphasis(pass: Pass, index: number, character: string): number {
  const length = runLength(pass, index, character);
  const before = index === 0 ? ' ' : (pass.source[index - 1] ?? ' ');
  const after = pass.source[index + length] ?? ' ';
  const insideWord = WORD.test(before) && WORD.test(after);
  const loose = /\s/.test(before) && /\s/.test(after);
  const markup = character === '~' ? length === 2 : !loose && !(character === '_' && insideWord);
  if (markup && length <= 3) cover(pass.units, index, index + length, JOIN);
  return index + length;
}

function coverBracket(pass: Pass, index: number): number {
  const opener = pass.openers.pop();
  if (opener === undefined) return index + 1;
  const next = pass.source[index + 1];
  if (next === '(') {
    const close = findTargetEnd(pass, index + 2);
    if (close > 0) {
      const target = targetOf(pass.source.slice(index + 2, close - 1));
      return finishLink(pass, opener, index, close, opener.image ? 'image' : 'link', target);
    }
  }
  const label = pass.source.slice(opener.index + 1, Math.min(index, opener.index + 1 + LABEL_LENGTH_MAX)).toLowerCase();
  if (label.startsWith('^') && label.length > 1 && !/\s/.test(label)) {
    cover(pass.units, opener.index, index + 1, JOIN);
    const range = { start: opener.index, end: index + 1 };
    addSpan(pass, 'footnote', range, { start: range.start, end: range.start }, label.slice(1));
    return range.end;
  }
  if (next === '[') {
    const close = pass.source.slice(0, index + 2 + LABEL_LENGTH_MAX).indexOf(']', index + 2);
    if (close > 0) {
      const named = pass.source.slice(index + 2, close).toLowerCase();
      const target = named === '' ? label : named;
      if (pass.definitions.has(target)) return finishLink(pass, opener, index, close + 1, 'reference', target);
    }
  }
  if (pass.definitions.has(label)) return finishLink(pass, opener, index, index + 1, 'reference', label);
  return index + 1;
}

function finishLink(
  pass: Pass,
  opener: Opener,
  textEnd: number,
  end: number,
  kind: InlineSpan['kind'],
  target: string,
): number {
  const start = opener.image ? opener.index - 1 : opener.index;
  if (opener.image) {
    cover(pass.units, start, end, SPACE);
  } else {
    pass.units[opener.index] = JOIN;
    cover(pass.units, textEnd, end, JOIN);
  }
  const text = { start: opener.index + 1, end: textEnd };
  addSpan(pass, opener.image ? 'image' : kind, { start, end }, text, target);
  return end;
}

/** The index after the `)` that ends a link target starting at `index`, or -1. */
function findTargetEnd(pass: Pass, index: number): number {
  if (index <= pass.deadTargetsBefore) return -1;
  let depth = 0;
  let at = index;
  for (; at < pass.end; at += 1) {
    const character = pass.source[at];
    if (character === '(') {
      depth += 1;
      if (depth > PARENTHESES_MAX) break;
    } else if (character === ')') {
      if (depth === 0) return at + 1;
      depth -= 1;
    } else if (character === ' ' || character === '\n') {
      TITLE_AND_END.lastIndex = at;
      if (at > index && depth === 0 && TITLE_AND_END.test(pass.source)) return TITLE_AND_END.lastIndex;
      if (at > index) break;
    }
  }
  pass.deadTargetsBefore = at;
  return -1;
}

/** The address in the brackets of a link: without angle brackets and title. */
function targetOf(inside: string): string {
  const trimmed = inside.trim();
  if (trimmed.startsWith('<')) return trimmed.slice(1, Math.max(1, trimmed.indexOf('>')));
  const space = trimmed.search(/\s/);
  return space < 0 ? trimmed : trimmed.slice(0, space);
}

function coverTag(pass: Pass, index: number): number {
  AUTOLINK.lastIndex = index;
  const link = AUTOLINK.exec(pass.source);
  if (link !== null) {
    const end = index + link[0].length;
    pass.units[index] = JOIN;
    pass.units[end - 1] = JOIN;
    addSpan(pass, 'autolink', { start: index, end }, { start: index + 1, end: end - 1 }, link[0].slice(1, -1));
    return end;
  }
  TAG_START.lastIndex = index;
  const tag = TAG_START.exec(pass.source);
  if (tag === null || index < pass.deadTagsBefore) return index + 1;
  const comment = tag[0] === '<!--';
  const close = comment ? pass.source.indexOf('-->', index) : pass.source.indexOf('>', index);
  if (close < 0) {
    pass.deadTagsBefore = pass.end;
    return index + 1;
  }
  const end = close + (comment ? 3 : 1);
  const name = tag[1];
  cover(pass.units, index, end, name === undefined || SEPARATING_TAG.test(name) ? SPACE : JOIN);
  return end;
}
