import type { Block, TextRange } from '../../sentence/document/reading.ts';
import { enclosedBy } from './quotation-marks.ts';
import { type ReportText, textOfBlock, wordsIn } from './report-text.ts';

/** A quotation as the report gives it. */
export interface ReportQuotation extends TextRange {
  readonly kind: 'block' | 'inline';
  /** Index of its block in the report's reading. */
  readonly block: number;
  /** As written, without the marks around it and those that begin its lines. */
  readonly text: string;
  /** The same as a reader sees it; U+00AD and spaces stand for markup. */
  readonly visible: string;
}

/** Runs in quotation marks of fewer words are names and terms, not quotations. */
const INLINE_WORDS_MIN = 5;

const CALLOUT =
  /^\s*\[!(?:note|tip|important|warning|caution|info|danger|question|success|abstract|todo|quote|example)\]/i;
/** A last line that names the source: after a dash, or a word that says so. */
const ATTRIBUTION = /^\s*(?:(?:[—–―]|--?)\s*\S|\(?(?:source|from|see|in|quoted from|cf)\b\.?:?\s)/i;
/** A link whose brackets show as they stand: words of the source that end so, not a link of the report. */
const ESCAPED_LINK = /\\\[[^\]]*\\\]\(/;
const ATTRIBUTION_WORDS_MAX = 16;
const ATTRIBUTION_LENGTH_MAX = 400;
const OUTER_MARKS: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ['“', '”'],
  ['„', '“'],
  ['„', '”'],
  ['«', '»'],
  ['»', '«'],
  ['‘', '’'],
  ["'", "'"],
];

/**
 * All quotations of a report, in its order: every paragraph, item or code of a block quotation (call-outs such as `[!NOTE]` and
 * lines that name the source apart), and every run of five words or more in quotation marks. A run inside another is part of it.
 */
export function findQuotations(
  report: ReportText,
  isCitation: (range: TextRange) => boolean,
): readonly ReportQuotation[] {
  const found: ReportQuotation[] = [];
  const { blocks } = report.reading;
  let callout = false;
  for (const [index, block] of blocks.entries()) {
    if (block.quoteDepth === 0) {
      callout = false;
      if (block.kind !== 'code' && block.kind !== 'hidden' && block.kind !== 'definition')
        found.push(...inlineQuotations(report, index, block));
      continue;
    }
    const startsGroup = index === 0 || blocks[index - 1]?.quoteDepth === 0 || gapBefore(report, blocks, index);
    if (startsGroup) callout = CALLOUT.test(report.source.slice(block.start, block.end));
    if (callout || block.kind === 'hidden' || block.kind === 'definition') continue;
    const quotation = blockQuotation(report, index, block, isCitation);
    if (quotation !== null) found.push(quotation);
  }
  return found;
}

/** Whether a line outside any block quotation stands between a block and the one before it. */
export function gapBefore(report: ReportText, blocks: readonly Block[], index: number): boolean {
  const previous = blocks[index - 1];
  const block = blocks[index];
  if (previous === undefined || block === undefined) return true;
  const between = report.source.slice(previous.end, block.start);
  return between
    .split('\n')
    .slice(1, -1)
    .some((line) => !line.trimStart().startsWith('>'));
}

function blockQuotation(
  report: ReportText,
  index: number,
  block: Block,
  isCitation: (range: TextRange) => boolean,
): ReportQuotation | null {
  let range: TextRange = { start: block.start, end: block.end };
  const last = block.lines.at(-1);
  if (block.lines.length > 1 && last !== undefined && isAttribution(report, last, isCitation)) {
    range = { start: block.start, end: block.lines.at(-2)?.end ?? block.start };
  }
  if (isAttribution(report, range, isCitation)) return null;
  return made(report, 'block', index, block, withoutTail(report, unmarked(report, range), isCitation));
}

/** A short line that names where the words come from. */
export function isAttribution(
  report: ReportText,
  range: TextRange,
  isCitation: (range: TextRange) => boolean,
): boolean {
  if (range.end - range.start > ATTRIBUTION_LENGTH_MAX) return false;
  if (ESCAPED_LINK.test(report.source.slice(range.start, range.end))) return false;
  const text = report.visible.slice(range.start, range.end).replaceAll('\u00ad', '');
  if (wordsIn(text) > ATTRIBUTION_WORDS_MAX) return false;
  if (/^\s*[—–―]\s*\S/.test(text)) return true;
  const besidesNames = wordsIn(text.replace(/\S*[./]\S*/g, ''));
  return isCitation(range) && besidesNames <= (ATTRIBUTION.test(text) ? 6 : 3);
}

/** Without quotation marks around the whole, when no such mark stands inside. */
function unmarked(report: ReportText, range: TextRange): TextRange {
  const text = report.visible.slice(range.start, range.end);
  const lead = text.length - text.trimStart().length;
  const trimmed = text.trim();
  for (const [open, close] of OUTER_MARKS) {
    if (trimmed.length < 3 || !trimmed.startsWith(open)) continue;
    const end = trimmed.lastIndexOf(close);
    const rest = trimmed.slice(end + 1);
    if (end < 1 || /[\p{L}\p{N}]/u.test(rest) || trimmed.slice(1, end).includes(open)) continue;
    if (rest.trim() !== '' && !/^[\s.,;\u00ad]*$/.test(rest)) continue;
    return { start: range.start + lead + 1, end: range.start + lead + end };
  }
  return range;
}

/** Without a citation in brackets at the end. */
function withoutTail(report: ReportText, range: TextRange, isCitation: (range: TextRange) => boolean): TextRange {
  const text = report.source.slice(range.start, range.end).trimEnd();
  const open = /[)\]]$/.test(text)
    ? Math.max(text.lastIndexOf(' ('), text.lastIndexOf(' ['), text.lastIndexOf('\n('), text.lastIndexOf('[^'))
    : -1;
  if (open <= 0) return range;
  const tail = { start: range.start + open, end: range.start + text.length };
  return isCitation(tail) && wordsIn(report.visible.slice(tail.start, tail.end)) <= ATTRIBUTION_WORDS_MAX
    ? { start: range.start, end: tail.start }
    : range;
}

function inlineQuotations(report: ReportText, index: number, block: Block): readonly ReportQuotation[] {
  const { ranges, openFrom, openMark } = enclosedBy(report.guarded, block.start, block.end);
  const all = [...ranges];
  const next = report.reading.blocks[index + 1];
  if (openFrom !== null && openMark !== null && next !== undefined && report.guarded.startsWith(openMark, next.start)) {
    all.push({ start: openFrom, end: block.end });
  }
  const long = all.filter(({ start, end }) => wordsIn(report.visible.slice(start, end)) >= INLINE_WORDS_MIN);
  const inOrder = long.sort((a, b) => a.start - b.start || b.end - a.end);
  const found: ReportQuotation[] = [];
  let covered = -1;
  for (const range of inOrder) {
    if (range.start < covered) continue;
    covered = range.end;
    const quotation = made(report, 'inline', index, block, range);
    if (quotation !== null) found.push(quotation);
  }
  return found;
}

function made(
  report: ReportText,
  kind: ReportQuotation['kind'],
  index: number,
  block: Block,
  range: TextRange,
): ReportQuotation | null {
  const text = textOfBlock(report.source, block, range).trim();
  const visible = textOfBlock(report.visible, block, range).trim();
  return wordsIn(text) === 0 ? null : { ...range, kind, block: index, text, visible };
}
