import { type Block, type BlockKind, HeadingPath } from './block.ts';
import { isLinkOnly, readableText } from './clean-markup.ts';
import { type Line, linesOf } from './lines.ts';
import { classify, type LineKind, type Syntax } from './markup-lines.ts';

const FRONT_MATTER_LINES_MAX = 200;

/** A block whose lines are still being gathered. */
interface OpenBlock {
  readonly kind: BlockKind;
  readonly start: number;
  end: number;
}

interface OpenFence {
  readonly marker: string;
  readonly start: number;
  readonly inside: number;
}

/**
 * Cuts prose (Markdown, AsciiDoc, plain text) into blocks: paragraphs, list items, table rows and fenced code, each with the
 * headings above it. Left out: front matter, comments, tags standing alone, link definitions, indented code, blocks that are
 * nothing but links or images, headings themselves.
 */
export function parseProse(text: string, syntax: Syntax): Block[] {
  const lines = linesOf(text);
  const parser = new ProseParser(text, syntax);
  for (let index = syntax === 'markdown' ? afterFrontMatter(lines) : 0; index < lines.length; index++) {
    const line = lines[index];
    if (line !== undefined) parser.line(line, lines[index + 1]);
  }
  return parser.finish();
}

class ProseParser {
  readonly #text: string;
  readonly #syntax: Syntax;
  readonly #headings = new HeadingPath();
  readonly #blocks: Block[] = [];
  #open: OpenBlock | undefined;
  /** The fence that is open: where it starts, and the code inside it. */
  #fence: OpenFence | undefined;
  #inComment = false;
  #inList = false;

  constructor(text: string, syntax: Syntax) {
    this.#text = text;
    this.#syntax = syntax;
  }

  line(line: Line, next: Line | undefined): void {
    if (this.#fence !== undefined) {
      this.#insideFence(line, this.#fence);
      return;
    }
    if (this.#inComment || (this.#syntax === 'markdown' && line.text.trimStart().startsWith('<!--'))) {
      this.#close();
      this.#inComment = !line.text.includes('-->');
      return;
    }
    this.#prose(line, next, classify(line, this.#syntax));
  }

  #prose(line: Line, next: Line | undefined, is: LineKind): void {
    switch (is.kind) {
      case 'blank':
        this.#close();
        break;
      case 'separator':
        this.#close();
        if (/^\S/.test(line.text)) this.#inList = false;
        break;
      case 'fence':
        this.#close();
        this.#fence = { marker: is.marker, start: line.start, inside: next?.start ?? line.end };
        break;
      case 'heading':
        this.#close();
        this.#inList = false;
        this.#headings.enter(is.level, readableText(is.title).trim());
        break;
      case 'underline':
        this.#underline(is.level);
        break;
      case 'row':
        this.#close();
        if (next === undefined || classify(next, this.#syntax).kind !== 'separator')
          this.#add('row', line.start, line.end);
        break;
      case 'item':
        this.#close();
        this.#inList = true;
        this.#open = { kind: 'item', start: is.start, end: line.end };
        break;
      case 'text':
        this.#paragraphLine(line, is.start, is.indent);
        break;
    }
  }

  #paragraphLine(line: Line, start: number, indent: number): void {
    if (this.#open !== undefined) {
      this.#open.end = line.end;
      return;
    }
    if (indent === 0) this.#inList = false;
    const isCode = indent >= 4 && !this.#inList && this.#syntax !== 'plain';
    if (!isCode) this.#open = { kind: 'paragraph', start, end: line.end };
  }

  /** A line of === or --- makes the one-line paragraph above it a heading, and otherwise only ends what is open. */
  #underline(level: number): void {
    const open = this.#open;
    const title = open === undefined ? '' : this.#text.slice(open.start, open.end);
    if (open?.kind === 'paragraph' && !title.includes('\n')) {
      this.#open = undefined;
      this.#headings.enter(level, readableText(title).trim());
      this.#inList = false;
    } else {
      this.#close();
    }
  }

  #insideFence(line: Line, fence: OpenFence): void {
    const trimmed = line.text.replace(/^[ \t>]*/, '').trimEnd();
    const closes = trimmed.length >= fence.marker.length && trimmed === fence.marker.charAt(0).repeat(trimmed.length);
    if (!closes) return;
    this.#fence = undefined;
    if (line.start > fence.inside) this.#add('code', fence.start, line.end, this.#text.slice(fence.inside, line.start));
  }

  #close(): void {
    if (this.#open !== undefined) this.#add(this.#open.kind, this.#open.start, this.#open.end);
    this.#open = undefined;
  }

  #add(kind: BlockKind, from: number, to: number, code?: string): void {
    const raw = this.#text.slice(from, to);
    const start = from + (raw.length - raw.trimStart().length);
    const end = to - (raw.length - raw.trimEnd().length);
    if (start >= end || (code === undefined && isLinkOnly(raw))) return;
    this.#blocks.push({
      kind,
      start,
      end,
      headings: this.#headings.path(),
      text: code ?? readableText(raw),
    });
  }

  finish(): Block[] {
    this.#close();
    return this.#blocks;
  }
}

function afterFrontMatter(lines: readonly Line[]): number {
  const fence = lines[0]?.text.replace('\uFEFF', '').trimEnd();
  if (fence !== '---' && fence !== '+++') return 0;
  for (let index = 1; index < Math.min(lines.length, FRONT_MATTER_LINES_MAX); index++) {
    if (lines[index]?.text.trimEnd() === fence) return index + 1;
  }
  return 0;
}
