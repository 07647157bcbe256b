import { readMarkdown } from '../../sentence/document/markdown.ts';
import {
  type Block,
  codeUnitsOf,
  cover,
  type Reading,
  type TextRange,
  textOfUnits,
} from '../../sentence/document/reading.ts';
import { countBelow, firstEndingAfter } from '../sorted.ts';
import { tokenise } from '../tokens.ts';

const LETTER_X = 0x78;

/** A report, read for quotations and citations. All strings have one length, so that indices fit all of them. */
export interface ReportText {
  readonly reading: Reading;
  readonly source: string;
  /** As a reader sees it; markup is U+00AD or a space. */
  readonly visible: string;
  /** Like `visible`, but the inside of code spans is letters: marks in code open and close nothing. */
  readonly guarded: string;
  /** The line, from 1, of an index. */
  lineOf(index: number): number;
}

export function readReport(source: string): ReportText {
  const reading = readMarkdown(source, true);
  const units = codeUnitsOf(reading.visible);
  for (const span of reading.spans) {
    if (span.kind === 'code' || span.kind === 'autolink') cover(units, span.text.start, span.text.end, LETTER_X);
  }
  const feeds: number[] = [];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) feeds.push(at);
  return {
    reading,
    source,
    visible: reading.visible,
    guarded: textOfUnits(units),
    lineOf: (index) => 1 + countBelow(feeds, index),
  };
}

/** The part of a block within `range`, without the marks that begin its lines. */
export function textOfBlock(text: string, block: Block, range: TextRange): string {
  const first = firstEndingAfter(block.lines, range.start - 1);
  let joined = '';
  for (let index = first; index < block.lines.length; index += 1) {
    const line = block.lines[index];
    if (line === undefined || line.start > range.end) break;
    if (index > first) joined += text[block.lines[index - 1]?.end ?? 0] === '\r' ? '\r\n' : '\n';
    joined += text.slice(Math.max(line.start, range.start), Math.min(line.end, range.end));
  }
  return joined;
}

/** How many words stand in a text. */
export function wordsIn(text: string): number {
  let words = 0;
  tokenise(text, {
    add: (_canonical, _start, _end, word) => {
      if (word) words += 1;
    },
  });
  return words;
}
