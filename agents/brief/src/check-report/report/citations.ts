import type { InlineSpan, TextRange } from '../../sentence/document/reading.ts';
import {
  type LineReference,
  leadsElsewhere,
  linesAround,
  type PathReference,
  readLinkTarget,
  readPathReference,
} from './path-reference.ts';
import type { ReportText } from './report-text.ts';

/** A file named by the report, at a place of the report. */
export interface ReportCitation extends TextRange {
  readonly target: string;
  readonly lines: LineReference | null;
  readonly bare: boolean;
}

/** A mark that stands for a note elsewhere in the report: `[^1]`, `[text][1]`, `[1]`. */
export interface NoteReference extends TextRange {
  readonly label: string;
  readonly footnote: boolean;
}

export interface ReportCitations {
  /** In the report's order. */
  readonly citations: readonly ReportCitation[];
  readonly references: readonly NoteReference[];
  /** Where each note stands. Labels of footnotes begin with `^`. */
  readonly notes: ReadonlyMap<string, TextRange>;
  /** Links that lead out of the folder; nothing is said about them. */
  readonly external: number;
}

const TOKEN = /[^\s"“”„«»‹›‘’`()[\]{}<>,;|]+/g;
/** Longer runs without a space are data, not file names. */
const TOKEN_LENGTH_MAX = 1024;
const AROUND_LENGTH = 80;
const NUMBERED = /^\[(\d{1,4})\](?!\()/;
const NUMBER_REFERENCE = /\[(\d{1,4}(?:\s?[,;]\s?\d{1,4}){0,9})\]/g;

/** Finds every file name and every note of a report. Names inside code blocks are examples and do not count. */
export function findCitations(report: ReportText): ReportCitations {
  const citations: ReportCitation[] = [];
  const references: NoteReference[] = [];
  let external = 0;
  let linkEnd = 0;
  const spans = [...report.reading.spans].sort((a, b) => a.start - b.start || b.end - a.end);
  for (const span of spans) {
    if (span.start < linkEnd) continue;
    const reference = readSpan(span);
    if (reference !== null) citations.push(citationAt(report, span, reference));
    if (span.kind === 'footnote')
      references.push({ start: span.start, end: span.end, label: `^${span.target}`, footnote: true });
    if (span.kind === 'reference')
      references.push({ start: span.start, end: span.end, label: span.target, footnote: false });
    if (isLink(span) && leadsElsewhere(span.target)) external += 1;
    if (isLink(span) || span.kind === 'reference') linkEnd = span.end;
  }
  const notes = findNotes(report);
  scanText(report, spans, citations);
  if (notes.size > 0) addNumberReferences(report, notes, references);
  const byPlace = (a: TextRange, b: TextRange): number => a.start - b.start || a.end - b.end;
  return { citations: citations.sort(byPlace), references: references.sort(byPlace), notes, external };
}

const isLink = ({ kind }: InlineSpan): boolean => kind === 'link' || kind === 'image' || kind === 'autolink';

/** The file that a link leads to or that stands alone in a code span. */
function readSpan(span: InlineSpan): PathReference | null {
  if (span.kind === 'link') return readLinkTarget(span.target);
  const code = span.kind === 'code' ? span.target.trim() : '';
  return code === '' || /\s/.test(code) ? null : readPathReference(code);
}

function citationAt(report: ReportText, range: TextRange, reference: PathReference): ReportCitation {
  const before = report.visible.slice(Math.max(0, range.start - AROUND_LENGTH), range.start);
  const after = report.visible.slice(range.end, range.end + AROUND_LENGTH);
  const { target, bare } = reference;
  return { start: range.start, end: range.end, target, bare, lines: reference.lines ?? linesAround(before, after) };
}

/** File names in running text: whatever has the look of one, outside code, links and addresses. */
function scanText(report: ReportText, taken: readonly InlineSpan[], citations: ReportCitation[]): void {
  let next = 0;
  for (const block of report.reading.blocks) {
    if (block.kind === 'code' || block.kind === 'hidden') continue;
    const text = (block.kind === 'definition' ? report.source : report.visible).slice(block.start, block.end);
    for (const { 0: token, index } of text.matchAll(TOKEN)) {
      if (token.length > TOKEN_LENGTH_MAX) continue;
      const start = block.start + index;
      while ((taken[next]?.end ?? Number.POSITIVE_INFINITY) <= start) next += 1;
      const end = freeEnd(start, start + token.length, taken[next]);
      if (end === null) continue;
      const range = { start, end };
      const written = report.source
        .slice(range.start, range.end)
        .replace(/^[*_~]+|[*_~]+$/g, '')
        .replace(/\\(?=[_*~-])/g, '');
      const reference = readPathReference(written);
      if (reference !== null && (!reference.bare || reference.target.includes('/')))
        citations.push(citationAt(report, range, reference));
    }
  }
}

/** Where a name in running text ends: before a note mark that follows it at once. Null inside another span. */
function freeEnd(start: number, end: number, span: InlineSpan | undefined): number | null {
  if (span === undefined || span.start >= end) return end;
  const mark = span.kind === 'footnote' || span.kind === 'reference';
  return mark && span.start > start ? span.start : null;
}

function findNotes(report: ReportText): ReadonlyMap<string, TextRange> {
  const notes = new Map<string, TextRange>();
  for (const block of report.reading.blocks) {
    if (block.label !== undefined) {
      const label = block.kind === 'footnote' ? `^${block.label}` : block.label;
      if (!notes.has(label)) notes.set(label, block);
    } else if (block.kind === 'paragraph' || block.kind === 'item') {
      for (const line of block.lines) {
        const label = NUMBERED.exec(report.source.slice(line.start, Math.min(line.end, line.start + 8)))?.[1];
        if (label !== undefined && !notes.has(label)) notes.set(label, line);
      }
    }
  }
  return notes;
}

function addNumberReferences(
  report: ReportText,
  notes: ReadonlyMap<string, TextRange>,
  references: NoteReference[],
): void {
  for (const block of report.reading.blocks) {
    if (block.kind === 'code' || block.kind === 'hidden' || block.kind === 'definition') continue;
    for (const { 0: written, 1: labels = '', index } of report.visible
      .slice(block.start, block.end)
      .matchAll(NUMBER_REFERENCE)) {
      const start = block.start + index;
      for (const label of labels.split(/[,;]/).map((part) => part.trim())) {
        const note = notes.get(label);
        if (note !== undefined && start !== note.start)
          references.push({ start, end: start + written.length, label, footnote: false });
      }
    }
  }
}
