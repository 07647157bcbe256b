/** A half-open range of UTF-16 indices into a document's source text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * What a block is to a reader. `row` is one line of a table, `footnote` a footnote's definition, `definition` the target of a
 * reference link, `hidden` what is not meant to be read as prose (front matter, comments, navigation).
 */
export type BlockKind = 'heading' | 'paragraph' | 'item' | 'row' | 'code' | 'footnote' | 'definition' | 'hidden';

/** One block of a document, in source order. Blocks never overlap. */
export interface Block extends TextRange {
  readonly kind: BlockKind;
  /** A heading's level from 1; for anything else 0. */
  readonly level: number;
  /** How many block quotations the block stands in. */
  readonly quoteDepth: number;
  /** The block's lines without quotation marks, list markers and line ends. At least one. */
  readonly lines: readonly TextRange[];
  /** The label of a footnote or a definition, in lower case. */
  readonly label?: string;
}

/** A stretch of inline markup that carries meaning of its own. */
export interface InlineSpan extends TextRange {
  readonly kind: 'code' | 'link' | 'image' | 'reference' | 'footnote' | 'autolink';
  /** Where the readable part stands. */
  readonly text: TextRange;
  /** Link target or label, as written. */
  readonly target: string;
}

/**
 * A document read once. `visible` has exactly the length of `source` and the same line ends; whatever a reader of the rendered
 * page does not see is replaced by `JOIN` (inside a word nothing is there) or by a space (something separates). So every index
 * into `visible` is an index into `source`.
 */
export interface Reading {
  readonly source: string;
  readonly visible: string;
  readonly blocks: readonly Block[];
  readonly spans: readonly InlineSpan[];
}

/** U+00AD, the soft hyphen: stands for markup that leaves no gap. Tokenisers skip it. */
export const JOIN = 0xad;
/** U+0020: stands for markup that separates. */
export const SPACE = 0x20;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The UTF-16 code units of a text, as a mutable copy. */
export function codeUnitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  Buffer.from(units.buffer).write(text, 'utf16le');
  return units;
}

/** The text of the code units. */
export function textOfUnits(units: Uint16Array): string {
  return Buffer.from(units.buffer, units.byteOffset, units.byteLength).toString('utf16le');
}

/** Overwrites `[start, end)` with `filler`, except line ends. */
export function cover(units: Uint16Array, start: number, end: number, filler: number): void {
  for (let index = start; index < end; index += 1) {
    const unit = units[index];
    if (unit !== LINE_FEED && unit !== CARRIAGE_RETURN) units[index] = filler;
  }
}
