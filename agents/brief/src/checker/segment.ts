import { type InlineSink, scanInline } from './inline.ts';
import { maskOf, type Passage } from './passage.ts';
import type { Terms } from './terms.ts';

/** A passage ends behind this many words. */
const PASSAGE_WORDS_MAX = 120;
/** Fewer words say nothing. */
const PASSAGE_WORDS_MIN = 2;

const LINE_FEED = 0x0a;
const NEWLINE_TAGS: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form head header ' +
    'hr html legend li main menu ol option p section summary table tbody td tfoot th thead title tr ul h1 h2 h3 h4 h5 h6 nav ' +
    'pre script style svg template textarea'
  ).split(' '),
);
const SILENT_TAGS: ReadonlySet<string> = new Set('nav pre script style svg template textarea'.split(' '));

/** What a segmenter finds. */
export interface SegmentSink {
  /** Every passage; `counts` is only valid during the call. */
  count(words: number, counts: Uint8Array): void;
  /** Each of them that holds a term. */
  keep(passage: Passage): void;
  /** From `offset` on, the headings above hold these terms, one bit each. */
  section(offset: number, mask: number): void;
}

/**
 * Cuts a document into passages by its lines: paragraphs, list items, table rows. Headings give context and are no passages;
 * fenced code, lines of nothing but links, and contents of silent HTML elements are passed over.
 */
export class Segmenter implements InlineSink {
  readonly #terms: Terms;
  readonly #sink: SegmentSink;
  #bytes: Uint8Array = new Uint8Array(0);
  #document = 0;
  #pathMask = 0;
  #headings: number[] = [];
  #counts: Uint8Array;
  #words = 0;
  #linkWords = 0;
  #labelWords = 0;
  #lines = 0;
  #start = 0;
  #end = 0;
  #silent = '';
  #headingTag = 0;
  #headingMask = 0;
  #inHeading = false;
  readonly #hitPassage = (term: number): void => {
    this.#counts[term] = Math.min(255, (this.#counts[term] ?? 0) + 1);
  };
  readonly #hitHeading = (term: number): void => {
    this.#headingMask |= 1 << term;
  };

  constructor(terms: Terms, sink: SegmentSink) {
    this.#terms = terms;
    this.#sink = sink;
    this.#counts = new Uint8Array(terms.count);
  }

  /** `pathMask`: the terms of the document's path, one bit each. */
  document(number: number, bytes: Uint8Array, pathMask: number): void {
    this.#bytes = bytes;
    this.#document = number;
    this.#pathMask = pathMask;
    this.#headings = [];
    this.#silent = '';
    this.#headingTag = 0;
    this.#reset(0);
    let fence = 0;
    for (let start = 0; start < bytes.length; ) {
      const feed = bytes.indexOf(LINE_FEED, start);
      const end = feed === -1 ? bytes.length : feed;
      fence = this.#line(start, end, fence);
      start = end + 1;
    }
    this.#flush();
  }

  /** Reads one line and gives the fence that is open behind it: its character, or 0. */
  #line(start: number, end: number, fence: number): number {
    const bytes = this.#bytes;
    let at = start;
    while (at < end && isSpaceOrQuote(bytes[at] ?? 0)) at++;
    const first = bytes[at] ?? 0;
    const isFence = (first === 0x60 || first === 0x7e) && bytes[at + 1] === first && bytes[at + 2] === first;
    if (fence !== 0) return isFence && first === fence ? 0 : fence;
    if (at >= end) {
      this.#flush();
      return 0;
    }
    if (isFence) {
      this.#flush();
      return first;
    }
    if (first === 0x23) this.#headingLine(at, end);
    else if (this.#isUnderline(first, at, end)) this.#underline(first === 0x3d ? 1 : 2);
    else this.#textLine(first, at, end);
    return 0;
  }

  #textLine(first: number, at: number, end: number): void {
    const bytes = this.#bytes;
    const next = bytes[at + 1] ?? 0;
    const bullet = (first === 0x2d || first === 0x2a || first === 0x2b) && next === 0x20;
    const numbered = first >= 0x30 && first <= 0x39 && (next === 0x2e || next === 0x29) && bytes[at + 2] === 0x20;
    const row = first === 0x7c;
    if (bullet || numbered || row || this.#words >= PASSAGE_WORDS_MAX) this.#flush();
    if (this.#lines === 0) this.#start = at;
    scanInline(bytes, at, end, this);
    this.#lines++;
    this.#end = end;
    if (row) this.#flush();
  }

  #headingLine(at: number, end: number): void {
    let level = 0;
    while (level < 6 && this.#bytes[at + level] === 0x23) level++;
    this.#flush();
    this.#inHeading = true;
    this.#headingMask = 0;
    scanInline(this.#bytes, at + level, end, this);
    this.#inHeading = false;
    this.#enterHeading(level, end);
  }

  #isUnderline(first: number, at: number, end: number): boolean {
    if (first !== 0x3d && first !== 0x2d) return false;
    let stop = end;
    while (stop > at && (this.#bytes[stop - 1] ?? 0) <= 0x20) stop--;
    for (let index = at; index < stop; index++) if (this.#bytes[index] !== first) return false;
    return stop - at >= 2;
  }

  /** A line of === or --- makes a heading of the one line above. */
  #underline(level: number): void {
    if (this.#lines === 1 && this.#words > 0) {
      this.#headingMask = maskOf(this.#counts);
      this.#reset(this.#end);
      this.#enterHeading(level, this.#end);
    } else {
      this.#flush();
    }
  }

  #enterHeading(level: number, offset: number): void {
    const above = Array.from({ length: level - 1 }, (_, index) => this.#headings[index] ?? 0);
    this.#headings = [...above, this.#headingMask];
    this.#sink.section(offset, this.#context());
  }

  #context(): number {
    return this.#headings.reduce((mask, heading) => mask | heading, this.#pathMask);
  }

  word(start: number, end: number, foreign: boolean): void {
    if (this.#silent !== '' || end - start < 2) return;
    if (!this.#inHeading) this.#countWord(start);
    this.#terms.match(this.#bytes, start, end, foreign, this.#inHeading ? this.#hitHeading : this.#hitPassage);
  }

  /** Counts a word of the passage. A line may be a whole document, so a passage also ends within one. */
  #countWord(start: number): void {
    if (this.#words >= PASSAGE_WORDS_MAX && this.#headingTag === 0) {
      this.#end = start;
      this.#flush();
      this.#start = start;
      this.#lines = 1;
    }
    this.#words++;
  }

  part(start: number, end: number): void {
    if (this.#silent !== '') return;
    this.#terms.match(this.#bytes, start, end, false, this.#inHeading ? this.#hitHeading : this.#hitPassage);
  }

  compound(start: number, end: number): void {
    if (this.#silent !== '') return;
    this.#terms.matchCompound(this.#bytes, start, end, this.#inHeading ? this.#hitHeading : this.#hitPassage);
  }

  labelOpen(): void {
    this.#labelWords = this.#words;
  }

  labelClose(): void {
    this.#linkWords += this.#words - this.#labelWords;
    this.#labelWords = this.#words;
  }

  tag(name: string, end: number): void {
    if (this.#silent !== '') {
      if (name === `/${this.#silent}`) this.#silent = '';
      return;
    }
    if (name === 'a') this.labelOpen();
    else if (name === '/a') this.labelClose();
    const bare = name.startsWith('/') ? name.slice(1) : name;
    if (this.#inHeading || !NEWLINE_TAGS.has(bare)) return;
    this.#htmlBlock(name, bare, end);
  }

  #htmlBlock(name: string, bare: string, end: number): void {
    this.#end = end;
    if (this.#headingTag !== 0) {
      this.#headingMask = maskOf(this.#counts);
      this.#enterHeading(this.#headingTag, end);
      this.#reset(end);
      this.#headingTag = 0;
    } else {
      this.#flush();
    }
    this.#start = end;
    // The line goes on: what follows the tag belongs to a passage that has begun.
    this.#lines = 1;
    if (bare.length === 2 && bare.startsWith('h') && name === bare && bare !== 'hr')
      this.#headingTag = Number(bare.charAt(1));
    else if (SILENT_TAGS.has(name)) this.#silent = name;
  }

  #flush(): void {
    const own = this.#words - this.#linkWords;
    if (own > 0 && this.#words >= PASSAGE_WORDS_MIN && this.#headingTag === 0) {
      this.#sink.count(this.#words, this.#counts);
      if (maskOf(this.#counts) !== 0 || this.#context() !== 0) {
        this.#sink.keep({
          document: this.#document,
          start: this.#start,
          end: Math.max(this.#end, this.#start),
          words: this.#words,
          counts: this.#counts.slice(),
          context: this.#context(),
        });
      }
    }
    this.#reset(this.#end);
  }

  #reset(start: number): void {
    this.#counts.fill(0);
    this.#words = 0;
    this.#linkWords = 0;
    this.#labelWords = 0;
    this.#lines = 0;
    this.#start = start;
  }
}

/** White space and the mark of a block quote, which may stand before the text of a line. */
const isSpaceOrQuote = (byte: number): boolean => byte <= 0x20 || byte === 0x3e;
