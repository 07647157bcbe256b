/** Half-open range of UTF-16 code units of a document's text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a block of a document is. Rows stand alone; paragraphs and items may be quoted together with their neighbours. */
export type BlockKind = 'paragraph' | 'item' | 'row' | 'code';

/** A stretch of a document that may be quoted by itself. */
export interface Block extends Span {
  readonly kind: BlockKind;
  /** The headings above it, outermost first, as readable text. */
  readonly headings: readonly string[];
  /** Words as people read them, markup left out: what is searched. */
  readonly text: string;
}

/** The headings above the place a parser has come to. */
export class HeadingPath {
  #open: { readonly level: number; readonly text: string }[] = [];

  /** Level 1 is outermost. A heading ends those of its own level and below. */
  enter(level: number, text: string): void {
    this.#open = this.#open.filter((heading) => heading.level < level);
    if (text !== '') this.#open.push({ level, text: text.slice(0, 200) });
  }

  path(): readonly string[] {
    return this.#open.map((heading) => heading.text);
  }
}
