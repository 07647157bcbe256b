import type { Block, Reading, TextRange } from './document/reading.ts';

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Longer sentences are cut at white space: they are data, or lack full stops. UTF-16 units. */
const PIECE_LENGTH_MAX = 1000;
const ABBREVIATED = /(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|resp|incl|fig|dr|mr|mrs|ms|inc|ltd)\.|(?:^|[\s(])[A-Z]\.)\s*$/i;
const ENUMERATION = /^\s*(?:\d{1,3}|[a-z])[.)]\s*$/i;

/**
 * The sentences of a block as ranges of its source, in order, without white space around them; markup that touches a sentence
 * belongs to it. Code and tables are taken in runs of lines between blank ones.
 */
export function sentencesOf(reading: Reading, block: Block): readonly TextRange[] {
  const ranges = block.kind === 'code' ? runsOfLines(reading, block) : proseSentences(reading, block);
  return ranges
    .flatMap((range) => pieces(reading, range))
    .map((range) => trimmed(reading, range))
    .filter(({ start, end }) => start < end);
}

function proseSentences(reading: Reading, block: Block): TextRange[] {
  const text = reading.visible.slice(block.start, block.end).replace(/[\r\n\t]/g, ' ');
  const ranges: TextRange[] = [];
  let start = 0;
  for (const { index, segment } of segmenter.segment(text)) {
    const end = index + segment.length;
    if (end < text.length && isUnfinished(text, start, end)) continue;
    ranges.push({ start: block.start + start, end: block.start + end });
    start = end;
  }
  return ranges;
}

/** Whether a full stop ended an abbreviation or a number rather than a sentence. */
function isUnfinished(text: string, start: number, end: number): boolean {
  return (
    (end - start <= 8 && ENUMERATION.test(text.slice(start, end))) ||
    ABBREVIATED.test(text.slice(Math.max(start, end - 12), end))
  );
}

function runsOfLines(reading: Reading, block: Block): TextRange[] {
  const ranges: TextRange[] = [];
  let open: { start: number; end: number } | null = null;
  for (const line of block.lines) {
    if (reading.visible.slice(line.start, line.end).trim() === '') {
      open = null;
    } else if (open !== null && line.end - open.start <= PIECE_LENGTH_MAX) {
      open.end = line.end;
    } else {
      open = { start: line.start, end: line.end };
      ranges.push(open);
    }
  }
  return ranges;
}

function pieces(reading: Reading, range: TextRange): TextRange[] {
  const found: TextRange[] = [];
  let start = range.start;
  while (range.end - start > PIECE_LENGTH_MAX) {
    const cut = cutBefore(reading, start, start + PIECE_LENGTH_MAX);
    found.push({ start, end: cut });
    start = cut;
  }
  found.push({ start, end: range.end });
  return found;
}

/** The last place at or before `limit` to cut: after white space in the second half, else between two characters. */
function cutBefore(reading: Reading, start: number, limit: number): number {
  for (let index = limit; index > start + PIECE_LENGTH_MAX / 2; index -= 1) {
    if (/\s/.test(reading.visible[index - 1] ?? '')) return index;
  }
  const unit = reading.source.charCodeAt(limit);
  return unit >= 0xdc00 && unit < 0xe000 ? limit - 1 : limit;
}

/** The range without white space, and markup that separates, at its ends. */
export function trimmed({ visible }: Reading, range: TextRange): TextRange {
  let { start, end } = range;
  while (start < end && /\s/.test(visible[start] ?? '')) start += 1;
  while (end > start && /\s/.test(visible[end - 1] ?? '')) end -= 1;
  return { start, end };
}
