import { QUOTE_BYTES_MAX } from '../extract.ts';
import type { Block, Reading, TextRange } from './document/reading.ts';
import { sentencesOf } from './sentences.ts';

/** A stretch of one document that could be quoted: neighbouring sentences of a block, or a block with what it introduces. */
export interface Passage extends TextRange {
  /** How it came about; matters for ranking. */
  readonly kind: 'sentences' | 'list' | 'introduction' | 'code' | 'row';
}

const SENTENCES_MAX = 3;
const SENTENCES_OF_BLOCK_MAX = 400;
/** A passage should be read at one look; UTF-16 units. */
const PASSAGE_LENGTH_MAX = 900;
const GROUP_LENGTH_MAX = 1400;

/** All passages worth weighing of the block at `index`. */
export function passagesOf(reading: Reading, index: number): readonly Passage[] {
  const block = reading.blocks[index];
  if (block === undefined) return [];
  const sentences = sentencesOf(reading, block).slice(0, SENTENCES_OF_BLOCK_MAX);
  const passages: Passage[] = [...windowsOf(block, sentences)];
  const introduction = introducedBy(reading, index, sentences);
  if (introduction !== null) passages.push(introduction);
  const list = listFrom(reading, index);
  if (list !== null) passages.push(list);
  return passages.filter(({ start, end }) => Buffer.byteLength(reading.source.slice(start, end)) <= QUOTE_BYTES_MAX);
}

function* windowsOf(block: Block, sentences: readonly TextRange[]): Generator<Passage> {
  const kind = block.kind === 'code' || block.kind === 'row' ? block.kind : 'sentences';
  for (const [first, { start }] of sentences.entries()) {
    for (const { end } of sentences.slice(first, first + SENTENCES_MAX)) {
      if (end - start <= PASSAGE_LENGTH_MAX || end === sentences[first]?.end) yield { kind, start, end };
    }
  }
}

/** A last sentence that ends with a colon, and the list, table or code that it announces. */
function introducedBy(reading: Reading, index: number, sentences: readonly TextRange[]): Passage | null {
  const last = sentences.at(-1);
  if (last === undefined || !reading.visible.slice(last.start, last.end).replaceAll('\u00ad', '').endsWith(':'))
    return null;
  const block = reading.blocks[index];
  if (block === undefined || block.kind === 'code' || block.kind === 'row') return null;
  const end = endOfRun(
    reading,
    index + 1,
    last.start,
    (next) => next.kind === 'item' || next.kind === 'code' || next.kind === 'row',
  );
  return end === null ? null : { kind: 'introduction', start: last.start, end };
}

/** A list from its first item on, as far as it can be read at one look. */
function listFrom(reading: Reading, index: number): Passage | null {
  const block = reading.blocks[index];
  if (block?.kind !== 'item' || reading.blocks[index - 1]?.kind === 'item') return null;
  const end = endOfRun(reading, index + 1, block.start, ({ kind }) => kind === 'item');
  return end === null ? null : { kind: 'list', start: block.start, end };
}

function endOfRun(reading: Reading, from: number, start: number, belongs: (block: Block) => boolean): number | null {
  let end: number | null = null;
  for (let index = from; index < reading.blocks.length; index += 1) {
    const block = reading.blocks[index];
    if (block === undefined || !belongs(block) || block.end - start > GROUP_LENGTH_MAX) break;
    end = block.end;
  }
  return end;
}
