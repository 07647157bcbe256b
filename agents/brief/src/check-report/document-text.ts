import { decodeText, readDocument } from '../sentence/document/read-document.ts';
import { JOIN, type TextRange } from '../sentence/document/reading.ts';
import { countBelow } from './sorted.ts';
import type { CheckDocument, Place } from './types.ts';

/** A document opened for searching. What costs time is made when first asked for. */
export class DocumentText {
  readonly path: string;
  /** The text, byte order mark included; empty when the bytes are no valid UTF-8. */
  readonly source: string;
  #visible: string | null = null;
  #feeds: readonly number[] | null = null;
  readonly #byteMarks: number[] = [0];

  constructor(document: CheckDocument) {
    this.path = document.path;
    this.source = decodeText(document.bytes) ?? '';
  }

  get isHtml(): boolean {
    return /\.html?$/i.test(this.path);
  }

  /** As a reader sees it, index for index. */
  get visible(): string {
    this.#visible ??= readDocument(this.path, this.source).visible;
    return this.#visible;
  }

  /** The visible text between two indices, without what stands for markup. */
  readable(start: number, end: number): string {
    let text = '';
    for (let index = start; index < end; index += 1) {
      const markup = this.visible.charCodeAt(index) === JOIN && this.source.charCodeAt(index) !== JOIN;
      if (!markup) text += this.visible[index] ?? '';
    }
    return text;
  }

  /** How many lines there are; a line end at the very end begins no line. */
  get lineCount(): number {
    const feeds = this.#lineFeeds();
    return feeds.length + (this.source.endsWith('\n') || this.source === '' ? 0 : 1);
  }

  placeOf(start: number, end: number): Place {
    const feeds = this.#lineFeeds();
    return {
      path: this.path,
      byteStart: this.#bytesBefore(start),
      byteEnd: this.#bytesBefore(end),
      lineStart: 1 + countBelow(feeds, start),
      lineEnd: 1 + countBelow(feeds, Math.max(start, end - 1)),
    };
  }

  /** The characters of lines, counted from 1, both inclusive. */
  rangeOfLines(from: number, to: number): TextRange {
    const feeds = this.#lineFeeds();
    const start = from <= 1 ? 0 : (feeds[from - 2] ?? this.source.length - 1) + 1;
    return { start, end: feeds[to - 1] ?? this.source.length };
  }

  #lineFeeds(): readonly number[] {
    if (this.#feeds !== null) return this.#feeds;
    const feeds: number[] = [];
    for (let at = this.source.indexOf('\n'); at >= 0; at = this.source.indexOf('\n', at + 1)) feeds.push(at);
    this.#feeds = feeds;
    return feeds;
  }

  /** UTF-8 bytes before an index, counted from the last mark before it. */
  #bytesBefore(index: number): number {
    const mark = Math.floor(index / MARK_EVERY);
    while (this.#byteMarks.length <= mark) {
      const from = (this.#byteMarks.length - 1) * MARK_EVERY;
      this.#byteMarks.push((this.#byteMarks.at(-1) ?? 0) + utf8Length(this.source, from, from + MARK_EVERY));
    }
    return (this.#byteMarks[mark] ?? 0) + utf8Length(this.source, mark * MARK_EVERY, index);
  }
}

const MARK_EVERY = 8192;

/** Bytes of a part of well-formed text; a surrogate pair counts two for each half, so that it may be cut between. */
function utf8Length(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let index = start; index < end; index += 1) {
    const unit = text.charCodeAt(index);
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return bytes;
}
