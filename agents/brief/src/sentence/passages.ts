import { QUOTE_BYTES_MAX } from '../extract.ts';
import type { Block, Reading, TextRange } from './document/reading.ts';
import { sentencesOf, trimmed } from './sentences.ts';

/** A stretch of one document that could be quoted: neighbouring sentences of a block, or a block with what it introduces. */
export interface Passage extends TextRange {
  /** How it came about; matters for ranking. */
  readonly kind: 'sentences' | 'list' | 'introduction' | 'short' | 'code' | 'row';
  /** Whether it is all of a block. */
  readonly whole: boolean;
  /** Where what speaks for it ends: code that is shown along says nothing about what the passage is about. */
  readonly countedEnd: number;
}

const SENTENCES_MAX = 3;
const SENTENCES_OF_BLOCK_MAX = 400;
/** A passage should be read at one look; UTF-16 units. */
const PASSAGE_LENGTH_MAX = 900;
/** A paragraph up to this length is not taken apart. */
const WHOLE_LENGTH_MAX = 320;
const GROUP_LENGTH_MAX = 1400;
/** Blocks as short as this (a label, a type, a default) are read with their neighbours. */
const SHORT_BLOCK_LENGTH_MAX = 80;
const SHORT_GROUP_LENGTH_MAX = 400;

/** All passages worth weighing of the block at `index`. */
export function passagesOf(reading: Reading, index: number): readonly Passage[] {
  const block = reading.blocks[index];
  if (block === undefined) return [];
  const sentences = sentencesOf(reading, block).slice(0, SENTENCES_OF_BLOCK_MAX);
  const introduction = introducedBy(reading, index, sentences);
  const last = introduction === null ? undefined : sentences.at(-1)?.end;
  const windows = [...windowsOf(block, sentences)].filter(({ end }) => end !== last);
  const passages = [introduction, listFrom(reading, index), shortRun(reading, index)].filter(
    (passage) => passage !== null,
  );
  return [...windows, ...passages]
    .map((passage) => ({ ...passage, ...trimmed(reading, passage) }))
    .filter(({ start, end }) => end > start && Buffer.byteLength(reading.source.slice(start, end)) <= QUOTE_BYTES_MAX);
}

/** Short blocks only whole; of longer ones every run of neighbouring sentences. */
function* windowsOf(block: Block, sentences: readonly TextRange[]): Generator<Passage> {
  const kind = block.kind === 'code' || block.kind === 'row' ? block.kind : 'sentences';
  const isShort = block.end - block.start <= WHOLE_LENGTH_MAX && kind === 'sentences';
  for (const [first, { start }] of sentences.entries()) {
    for (const { end } of sentences.slice(first, first + (isShort ? sentences.length : SENTENCES_MAX))) {
      const whole = first === 0 && end === sentences.at(-1)?.end;
      if (isShort && !whole) continue;
      if (end - start <= PASSAGE_LENGTH_MAX || end === sentences[first]?.end)
        yield { kind, start, end, whole, countedEnd: end };
    }
  }
}

/** A last sentence that ends with a colon, and the list, table or code that it announces. */
function introducedBy(reading: Reading, index: number, sentences: readonly TextRange[]): Passage | null {
  const last = sentences.at(-1);
  const block = reading.blocks[index];
  if (last === undefined || block === undefined || block.kind === 'code' || block.kind === 'row') return null;
  if (!reading.visible.slice(last.start, last.end).replaceAll('\u00ad', '').endsWith(':')) return null;
  const announced = (next: Block): boolean => next.kind === 'item' || next.kind === 'code' || next.kind === 'row';
  const end = endOfRun(reading, index + 1, last.start + GROUP_LENGTH_MAX, announced);
  if (end === null) return null;
  const countedEnd = Math.max(last.end, endWithoutCode(reading, index + 1, end));
  const start = last.end - block.start <= WHOLE_LENGTH_MAX ? block.start : last.start;
  return { kind: 'introduction', start, end, whole: true, countedEnd };
}

/** A list from its first item on, as far as it can be read at one look. */
function listFrom(reading: Reading, index: number): Passage | null {
  const block = reading.blocks[index];
  if (block?.kind !== 'item' || reading.blocks[index - 1]?.kind === 'item') return null;
  const end = endOfRun(reading, index + 1, block.start + GROUP_LENGTH_MAX, ({ kind }) => kind === 'item');
  return end === null ? null : { kind: 'list', start: block.start, end, whole: true, countedEnd: end };
}

/** A short block with the short blocks before and after it, and one block that they lead to. */
function shortRun(reading: Reading, index: number): Passage | null {
  const isShort = (block: Block | undefined): block is Block =>
    block?.kind === 'paragraph' && block.end - block.start <= SHORT_BLOCK_LENGTH_MAX;
  const block = reading.blocks[index];
  if (!isShort(block)) return null;
  let start = block.start;
  for (let before = index - 1; block.end - start <= SHORT_GROUP_LENGTH_MAX; before -= 1) {
    const previous = reading.blocks[before];
    if (!isShort(previous)) break;
    start = previous.start;
  }
  const limit = start + SHORT_GROUP_LENGTH_MAX;
  const end = endOfRun(reading, index + 1, limit, (next) => next.kind === 'paragraph' || next.kind === 'code');
  if (end === null && start === block.start) return null;
  const countedEnd = Math.max(block.end, endWithoutCode(reading, index + 1, end ?? block.end));
  return { kind: 'short', start, end: end ?? block.end, whole: true, countedEnd };
}

/** The end of the blocks from `from` on that belong and end within `limit`; `null` when there is none. */
function endOfRun(reading: Reading, from: number, limit: number, belongs: (block: Block) => boolean): number | null {
  let end: number | null = null;
  for (let index = from; index < reading.blocks.length; index += 1) {
    const block = reading.blocks[index];
    if (block === undefined || !belongs(block) || block.end > limit) break;
    end = block.end;
  }
  return end;
}

/** The end of the blocks from `from` on, up to the first one of code and at most to `end`. */
function endWithoutCode(reading: Reading, from: number, end: number): number {
  let last = 0;
  for (let index = from; index < reading.blocks.length; index += 1) {
    const block = reading.blocks[index];
    if (block === undefined || block.kind === 'code' || block.end > end) break;
    last = block.end;
  }
  return last;
}
