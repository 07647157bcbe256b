import type { TextRange } from '../../sentence/document/reading.ts';
import { countBelow, firstEndingAfter } from '../sorted.ts';
import type { ReportCitations } from './citations.ts';
import { gapBefore, isAttribution, type ReportQuotation } from './quotations.ts';
import type { ReportText } from './report-text.ts';

/** Something that names a source: a citation in the text, or a mark for a note that holds citations. */
interface Anchor extends TextRange {
  /** Indices into the report's citations. */
  readonly citations: readonly number[];
}

interface Attachment {
  readonly report: ReportText;
  /** In the report's order; none lies inside a quotation. */
  readonly anchors: readonly Anchor[];
  readonly starts: readonly number[];
  readonly quotationsByBlock: ReadonlyMap<number, readonly ReportQuotation[]>;
  /** For each block of the report the first and last block of the block quotation that it belongs to. */
  readonly groups: ReadonlyMap<number, BlockGroup>;
  readonly sentencesByBlock: Map<number, readonly TextRange[]>;
}

interface BlockGroup {
  readonly first: number;
  last: number;
}

/** More sources than this no quotation has. */
const ANCHORS_MAX = 64;

const TIGHT_LENGTH_MAX = 60;
/** What may stand between a quotation and the source in brackets, after a dash or as a note right behind it. */
const NEXT_TO =
  /^["'”’“»«›‹\u00ad*_`]*[\s.,;:!?…]{0,4}["'”’»\u00ad*_]*\s{0,2}(?:[([—–]|-{1,2}\s|\b(?:see|from|in|source|per)\b)(?:[\s(["'`\u00ad:.—–]|\b(?:see|also|from|in|the|file|source|cf|e\.g|at)\b){0,12}$/i;
const MARK_NEXT_TO = /^["'”’“»«›‹\u00ad*_`\s.,;:!?…\]]{0,12}$/;
/** What may stand between a source and the quotation that it introduces. */
const INTRODUCES = /^[^.!?"“”«»]{0,48}["“„«‘'\u00ad\s]*$/;

/**
 * For each quotation the citations that it rests on (indices): those right behind or before it, else those of its sentence, else
 * those of its paragraph. For a block quotation: those inside the block besides the quoted words, else those of the line after
 * it that only names a source, else those of the sentence before it that ends with a colon.
 */
export function attachCitations(
  report: ReportText,
  quotations: readonly ReportQuotation[],
  cited: ReportCitations,
): readonly (readonly number[])[] {
  const anchors = anchorsOf(cited, quotations);
  const attachment: Attachment = {
    report,
    anchors,
    starts: anchors.map(({ start }) => start),
    quotationsByBlock: Map.groupBy(quotations, ({ block }) => block),
    groups: groupsOf(report),
    sentencesByBlock: new Map(),
  };
  return quotations.map((quotation) => {
    const found = quotation.kind === 'inline' ? forInline(attachment, quotation) : forBlock(attachment, quotation);
    return [...new Set(found.flatMap(({ citations }) => citations))];
  });
}

/** Whether a place lies inside one of the quotations, which come in order and do not overlap. */
export function insideQuotation(quotations: readonly ReportQuotation[], range: TextRange): boolean {
  const candidate = quotations[firstEndingAfter(quotations, range.start)];
  return candidate !== undefined && candidate.start < range.end;
}

function anchorsOf(
  { citations, references, notes }: ReportCitations,
  quotations: readonly ReportQuotation[],
): readonly Anchor[] {
  const anchors: Anchor[] = citations.map(({ start, end }, index) => ({ start, end, citations: [index] }));
  const starts = citations.map(({ start }) => start);
  const citationsOfNote = new Map<string, readonly number[]>();
  for (const [label, note] of notes) {
    const first = countBelow(starts, note.start);
    const count = Math.min(ANCHORS_MAX, countBelow(starts, note.end) - first);
    citationsOfNote.set(
      label,
      Array.from({ length: count }, (_, index) => first + index),
    );
  }
  for (const { start, end, label } of references) {
    const inNote = citationsOfNote.get(label) ?? [];
    if (inNote.length > 0) anchors.push({ start, end, citations: inNote });
  }
  return anchors.filter((anchor) => !insideQuotation(quotations, anchor)).sort((a, b) => a.start - b.start);
}

function anchorsIn({ anchors, starts }: Attachment, range: TextRange): readonly Anchor[] {
  const first = countBelow(starts, range.start);
  return anchors.slice(first, Math.min(countBelow(starts, range.end), first + ANCHORS_MAX));
}

function groupsOf(report: ReportText): ReadonlyMap<number, BlockGroup> {
  const groups = new Map<number, BlockGroup>();
  const { blocks } = report.reading;
  for (const [index, block] of blocks.entries()) {
    if (block.quoteDepth === 0) continue;
    const before = groups.get(index - 1);
    const group = before === undefined || gapBefore(report, blocks, index) ? { first: index, last: index } : before;
    group.last = index;
    groups.set(index, group);
  }
  return groups;
}

function forInline(attachment: Attachment, quotation: ReportQuotation): readonly Anchor[] {
  const block = attachment.report.reading.blocks[quotation.block];
  if (block === undefined) return [];
  const near = nextTo(attachment, quotation) ?? introducing(attachment, quotation, block);
  if (near !== null) return [near];
  const inBlock = anchorsIn(attachment, block);
  if (inBlock.length === 0) return [];
  const sentences = sentencesOf(attachment, quotation.block);
  const sentence = sentences[firstEndingAfter(sentences, quotation.start)];
  const inSentence = sentence === undefined ? [] : anchorsIn(attachment, sentence);
  return inSentence.length > 0 ? inSentence : inBlock;
}

function nextTo({ report, anchors, starts }: Attachment, { end }: ReportQuotation): Anchor | null {
  const anchor = anchors[countBelow(starts, end)];
  if (anchor === undefined || anchor.start - end > TIGHT_LENGTH_MAX) return null;
  const between = report.source.slice(end, anchor.start);
  const isMark = report.source[anchor.start] === '[';
  return NEXT_TO.test(between) || (isMark && MARK_NEXT_TO.test(between)) ? anchor : null;
}

function introducing(
  { report, anchors, starts }: Attachment,
  { start }: ReportQuotation,
  block: TextRange,
): Anchor | null {
  const anchor = anchors[countBelow(starts, start) - 1];
  if (anchor === undefined || anchor.start < block.start || start - anchor.end > TIGHT_LENGTH_MAX) return null;
  return INTRODUCES.test(report.guarded.slice(anchor.end, start)) ? anchor : null;
}

/** The sentences of a block; a full stop inside a quotation ends none. */
function sentencesOf({ report, quotationsByBlock, sentencesByBlock }: Attachment, index: number): readonly TextRange[] {
  const known = sentencesByBlock.get(index);
  const block = report.reading.blocks[index];
  if (known !== undefined || block === undefined) return known ?? [];
  let text = '';
  let at = block.start;
  for (const { start, end } of quotationsByBlock.get(index) ?? []) {
    text += report.guarded.slice(at, start) + 'q'.repeat(end - start);
    at = end;
  }
  text += report.guarded.slice(at, block.end);
  const segments = new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text.replace(/[\r\n\t]/g, ' '));
  const sentences = Array.from(segments, ({ index: from, segment }) => ({
    start: block.start + from,
    end: block.start + from + segment.length,
  }));
  sentencesByBlock.set(index, sentences);
  return sentences;
}

function forBlock(attachment: Attachment, quotation: ReportQuotation): readonly Anchor[] {
  const { blocks } = attachment.report.reading;
  const own = blocks[quotation.block];
  const group = attachment.groups.get(quotation.block);
  if (own === undefined || group === undefined) return [];
  const inOwn = anchorsIn(attachment, own);
  if (inOwn.length > 0) return inOwn;
  const next = anchorsIn(attachment, { start: own.end, end: blocks[group.last]?.end ?? own.end });
  if (next.length > 0) return next.slice(0, 1);
  const after = afterGroup(attachment, group.last + 1);
  if (after !== null) return after;
  const above = anchorsIn(attachment, { start: blocks[group.first]?.start ?? own.start, end: own.start });
  return above.length > 0 ? above.slice(-1) : beforeGroup(attachment, group.first - 1);
}

/** The line after a block quotation, if it only names a source. */
function afterGroup(attachment: Attachment, index: number): readonly Anchor[] | null {
  const block = attachment.report.reading.blocks[index];
  if (block === undefined || block.kind === 'heading' || block.quoteDepth > 0) return null;
  const anchors = anchorsIn(attachment, block);
  return anchors.length > 0 && isAttribution(attachment.report, block, () => true) ? anchors : null;
}

/** The last sentence before a block quotation, if it ends with a colon. */
function beforeGroup(attachment: Attachment, index: number): readonly Anchor[] {
  const block = attachment.report.reading.blocks[index];
  if (block === undefined || block.kind === 'heading' || block.quoteDepth > 0) return [];
  if (!/:[\s*_"”\u00ad]*$/.test(attachment.report.guarded.slice(Math.max(block.start, block.end - 16), block.end)))
    return [];
  const sentence = sentencesOf(attachment, index).at(-1) ?? block;
  const inSentence = anchorsIn(attachment, { start: sentence.start, end: block.end });
  return inSentence.length > 0 ? inSentence : anchorsIn(attachment, block);
}
