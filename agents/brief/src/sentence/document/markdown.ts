import { coverInline } from './markdown-inline.ts';
import {
  type BlockKind,
  codeUnitsOf,
  cover,
  type InlineSpan,
  type Reading,
  SPACE,
  type TextRange,
  textOfUnits,
} from './reading.ts';

/** A block while its lines are still coming. */
interface OpenBlock {
  kind: BlockKind;
  level: number;
  readonly quoteDepth: number;
  readonly start: number;
  end: number;
  readonly lines: TextRange[];
  readonly label?: string;
}

interface Fence {
  readonly mark: string;
  readonly length: number;
  readonly quoteDepth: number;
}

interface Scan {
  readonly source: string;
  readonly units: Uint16Array;
  readonly blocks: OpenBlock[];
  readonly definitions: Set<string>;
  open: OpenBlock | null;
  fence: Fence | null;
  comment: boolean;
  /** Whether the last item's continuation lines may still come. */
  inList: boolean;
  afterBlank: boolean;
}

/** One line after its block quotation marks: `at` is where its content begins, `text` the content. */
interface Line {
  readonly start: number;
  readonly end: number;
  readonly quoteDepth: number;
  readonly at: number;
  readonly text: string;
}

const FENCE = /^(\s*)(`{3,}(?=[^`]*$)|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+|$)/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/;
const RULE_CHARACTERS = /^[ \t*_-]+$/;
const ITEM = /^(\s*)(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)(?:\[[ xX]\][ \t]+)?/;
const FOOTNOTE = /^ {0,3}\[\^([^\]\s]{1,200})\]:[ \t]*/;
const DEFINITION = /^ {0,3}\[([^\][]{1,200})\]:[ \t]*\S/;
const QUOTE_MARK = /[ \t]*>[ ]?/y;
const FRONT_MATTER_LINES_MAX = 200;
const QUOTE_DEPTH_MAX = 32;

/**
 * Reads Markdown into blocks and visible text. Covers what README files and handbooks use: front matter, ATX and underlined
 * headings, fenced and indented code, nested block quotations, lists, tables, footnotes, link definitions and inline markup.
 * Plain text is Markdown without marks, so it may be read by this too. Linear in the length of the source.
 * Inline spans are collected only when asked for.
 */
export function readMarkdown(source: string, withSpans = false): Reading {
  const scan: Scan = {
    source,
    units: codeUnitsOf(source),
    blocks: [],
    definitions: new Set(),
    open: null,
    fence: null,
    comment: false,
    inList: false,
    afterBlank: true,
  };
  let start = readFrontMatter(scan);
  while (start < source.length) {
    const feed = source.indexOf('\n', start);
    const next = feed < 0 ? source.length : feed + 1;
    const contentEnd = feed < 0 ? source.length : feed;
    const end = contentEnd > start && source[contentEnd - 1] === '\r' ? contentEnd - 1 : contentEnd;
    readLine(scan, lineOf(source, start, end, scan.fence?.quoteDepth ?? QUOTE_DEPTH_MAX));
    start = next;
  }
  const spans: InlineSpan[] | null = withSpans ? [] : null;
  const context = { source, units: scan.units, definitions: scan.definitions, spans };
  for (const block of scan.blocks) {
    if (block.kind === 'hidden' || block.kind === 'definition') cover(scan.units, block.start, block.end, SPACE);
    else if (block.kind !== 'code') coverInline(context, block.start, block.end);
  }
  return { source, visible: textOfUnits(scan.units), blocks: scan.blocks, spans: spans ?? [] };
}

/** Takes up to `depthMax` quotation marks off the line. */
function lineOf(source: string, start: number, end: number, depthMax: number): Line {
  let at = start;
  let quoteDepth = 0;
  while (quoteDepth < depthMax) {
    QUOTE_MARK.lastIndex = at;
    if (!QUOTE_MARK.test(source) || QUOTE_MARK.lastIndex > end) break;
    at = QUOTE_MARK.lastIndex;
    quoteDepth += 1;
  }
  return { start, end, quoteDepth, at, text: source.slice(at, end) };
}

/** Skips a byte order mark and hides YAML front matter; returns where the document proper begins. */
function readFrontMatter(scan: Scan): number {
  const from = scan.source.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (!/^---[ \t]*\r?\n/.test(scan.source.slice(from, from + 80))) return from;
  let at = scan.source.indexOf('\n', from) + 1;
  for (let count = 0; count < FRONT_MATTER_LINES_MAX && at > 0 && at < scan.source.length; count += 1) {
    const feed = scan.source.indexOf('\n', at);
    const end = feed < 0 ? scan.source.length : feed;
    if (/^(?:---|\.\.\.)\s*$/.test(scan.source.slice(at, Math.min(end, at + 80)))) {
      scan.blocks.push({ kind: 'hidden', level: 0, quoteDepth: 0, start: from, end, lines: [{ start: from, end }] });
      return feed < 0 ? end : feed + 1;
    }
    at = feed + 1;
  }
  return from;
}

function readLine(scan: Scan, line: Line): void {
  cover(scan.units, line.start, line.at, SPACE);
  if (scan.fence !== null) {
    readFencedLine(scan, scan.fence, line);
  } else if (scan.comment || line.text.trimStart().startsWith('<!--')) {
    readCommentLine(scan, line);
  } else if (line.text.trim() === '') {
    scan.open = null;
    scan.afterBlank = true;
  } else {
    readTextLine(scan, line, scan.afterBlank);
    scan.afterBlank = false;
  }
}

function readTextLine(scan: Scan, line: Line, afterBlank: boolean): void {
  if (readFence(scan, line) || readHeading(scan, line) || readRule(scan, line)) return;
  if (readLabelled(scan, line) || readItem(scan, line) || readRow(scan, line)) return;
  const indented = /^(?: {4}|\t)/.test(line.text);
  if (!indented && afterBlank) scan.inList = false;
  if (indented && !scan.inList && (afterBlank || scan.open?.kind === 'code')) readCodeLine(scan, line);
  else continueOrOpen(scan, line, 'paragraph', line.at);
}

function push(
  scan: Scan,
  line: Line,
  kind: BlockKind,
  at: number,
  facts: { level?: number; label?: string } = {},
): OpenBlock {
  const block: OpenBlock = {
    kind,
    level: facts.level ?? 0,
    quoteDepth: line.quoteDepth,
    start: at,
    end: line.end,
    lines: [{ start: at, end: line.end }],
    ...(facts.label === undefined ? {} : { label: facts.label }),
  };
  scan.blocks.push(block);
  return block;
}

/** A line joins the open block of the same or (as a lazy continuation) a deeper quotation; otherwise it begins its own. */
function continueOrOpen(scan: Scan, line: Line, kind: BlockKind, at: number): void {
  const open = scan.open;
  if (open !== null && open.kind !== 'code' && open.kind !== 'row' && line.quoteDepth <= open.quoteDepth) {
    open.end = line.end;
    open.lines.push({ start: at, end: line.end });
    return;
  }
  scan.open = push(scan, line, kind, at);
}

function readFencedLine(scan: Scan, fence: Fence, line: Line): void {
  const closing = line.text.trim();
  const leftQuote = line.quoteDepth < fence.quoteDepth;
  if (leftQuote || (closing.length >= fence.length && closing === fence.mark.repeat(closing.length))) {
    scan.fence = null;
    scan.open = null;
    scan.afterBlank = true;
    if (leftQuote) readLine(scan, line);
    else cover(scan.units, line.start, line.end, SPACE);
    return;
  }
  readCodeLine(scan, line);
}

function readFence(scan: Scan, line: Line): boolean {
  const marks = FENCE.exec(line.text)?.[2];
  if (marks === undefined) return false;
  scan.fence = { mark: marks[0] ?? '`', length: marks.length, quoteDepth: line.quoteDepth };
  scan.open = null;
  cover(scan.units, line.start, line.end, SPACE);
  return true;
}

function readCodeLine(scan: Scan, line: Line): void {
  if (scan.open?.kind === 'code') {
    scan.open.end = line.end;
    scan.open.lines.push({ start: line.at, end: line.end });
  } else if (line.text.trim() !== '') {
    scan.open = push(scan, line, 'code', line.at);
  }
}

/** HTML comments that begin a line: hidden up to their end, on this line or a later one. */
function readCommentLine(scan: Scan, line: Line): void {
  let at = line.at;
  do {
    const close = scan.source.slice(at, line.end).indexOf('-->');
    scan.comment = close < 0;
    at = close < 0 ? line.end : at + close + 3;
  } while (/^[ \t]*<!--/.test(scan.source.slice(at, Math.min(line.end, at + 80))));
  push(scan, { ...line, end: at }, 'hidden', line.start);
  scan.open = null;
  const text = scan.source.slice(at, line.end);
  if (text.trim() !== '' && !text.trimStart().startsWith('<!--')) readLine(scan, { ...line, start: at, at, text });
}

function readHeading(scan: Scan, line: Line): boolean {
  const heading = HEADING.exec(line.text);
  if (heading !== null) {
    const at = line.at + heading[0].length;
    cover(scan.units, line.at, at, SPACE);
    const closing = /(?:^|[ \t])#+[ \t]*$/.exec(line.text.slice(heading[0].length).slice(-80));
    if (closing !== null) cover(scan.units, line.end - closing[0].length, line.end, SPACE);
    push(scan, line, 'heading', at, { level: heading[1]?.length ?? 1 });
    scan.open = null;
    scan.inList = false;
    return true;
  }
  const open = scan.open;
  if (open === null || open.kind !== 'paragraph' || open.quoteDepth !== line.quoteDepth) return false;
  const underline = UNDERLINE.exec(line.text);
  if (underline === null) return false;
  open.kind = 'heading';
  open.level = underline[1]?.startsWith('=') === true ? 1 : 2;
  cover(scan.units, line.at, line.end, SPACE);
  scan.open = null;
  return true;
}

/** A thematic break or any line of rule characters only. */
function readRule(scan: Scan, line: Line): boolean {
  if (!RULE_CHARACTERS.test(line.text) || line.text.replace(/[ \t]/g, '').length < 3) return false;
  cover(scan.units, line.at, line.end, SPACE);
  scan.open = null;
  return true;
}

function readLabelled(scan: Scan, line: Line): boolean {
  const footnote = FOOTNOTE.exec(line.text);
  if (footnote !== null) {
    const at = line.at + footnote[0].length;
    cover(scan.units, line.at, at, SPACE);
    scan.open = push(scan, line, 'footnote', at, { label: (footnote[1] ?? '').toLowerCase() });
    return true;
  }
  const definition = DEFINITION.exec(line.text);
  if (definition === null || (scan.open !== null && scan.open.kind !== 'definition')) return false;
  const label = (definition[1] ?? '').toLowerCase();
  scan.definitions.add(label);
  push(scan, line, 'definition', line.at, { label });
  scan.open = null;
  return true;
}

function readItem(scan: Scan, line: Line): boolean {
  const item = ITEM.exec(line.text);
  if (item === null) return false;
  const indent = item[1]?.length ?? 0;
  // A number in front of a line of running text is an item only when it begins a list.
  if (scan.open?.kind === 'paragraph' && /^\s*(?!1[.)])\d/.test(item[0])) return false;
  if (indent >= 4 && !scan.inList) return false;
  const at = line.at + item[0].length;
  cover(scan.units, line.at, at, SPACE);
  const inner = lineOf(scan.source, at, line.end, QUOTE_DEPTH_MAX);
  const quoteDepth = line.quoteDepth + inner.quoteDepth;
  cover(scan.units, at, inner.at, SPACE);
  scan.inList = true;
  scan.open = push(scan, { ...line, quoteDepth }, 'item', inner.at);
  return true;
}

function isRow(scan: Scan, line: Line): boolean {
  const text = line.text.trim();
  if (text.startsWith('|')) return text.length > 1;
  if (scan.open?.kind === 'row') return text.includes('|');
  return /^[\s|:-]+$/.test(text) && text.includes('|') && text.includes('-');
}

function readRow(scan: Scan, line: Line): boolean {
  if (!isRow(scan, line)) return false;
  for (let index = line.at; index < line.end; index += 1) {
    if (scan.source[index] === '|' && scan.source[index - 1] !== '\\') scan.units[index] = SPACE;
  }
  if (/^[\s|:-]+$/.test(line.text)) {
    cover(scan.units, line.at, line.end, SPACE);
    if (scan.open !== null && scan.open.kind === 'paragraph') scan.open.kind = 'row';
    return true;
  }
  scan.open = push(scan, line, 'row', line.at);
  return true;
}
