import type { BlockKind, Reading, TextRange } from './reading.ts';

const ITEM = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+/;
const TITLE = /^(={1,5})[ \t]+\S/;
const UNDERLINE = /^([=\-~^"'`#*+])\1{2,}[ \t]*$/;
const HEADING_LENGTH_MAX = 120;

interface OpenBlock {
  kind: BlockKind;
  level: number;
  readonly quoteDepth: number;
  readonly start: number;
  end: number;
  readonly lines: TextRange[];
}

/**
 * Reads text without inline markup (`.txt`, `.rst`, `.adoc`, LICENSE files): paragraphs between blank lines, list items,
 * headings that are underlined (reStructuredText) or begin with `=` (AsciiDoc). All of it is visible.
 */
export function readPlain(source: string): Reading {
  const blocks: OpenBlock[] = [];
  let open: OpenBlock | null = null;
  let start = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (start < source.length) {
    const feed = source.indexOf('\n', start);
    const end = feed < 0 ? source.length : feed;
    const line = { start, end: end > start && source[end - 1] === '\r' ? end - 1 : end };
    open = readLine(blocks, open, line, source.slice(line.start, line.end));
    start = end + 1;
  }
  return { source, visible: source, blocks, spans: [] };
}

function readLine(blocks: OpenBlock[], open: OpenBlock | null, line: TextRange, text: string): OpenBlock | null {
  if (text.trim() === '') return null;
  const title = TITLE.exec(text);
  if (title !== null && text.length <= HEADING_LENGTH_MAX) {
    push(blocks, 'heading', line, title[1]?.length ?? 1);
    return null;
  }
  const underline = UNDERLINE.exec(text);
  if (underline !== null) {
    if (open !== null && open.lines.length === 1 && open.end - open.start <= HEADING_LENGTH_MAX) {
      open.kind = 'heading';
      open.level = underline[1] === '=' ? 1 : 2;
    }
    return null;
  }
  if (ITEM.test(text)) return push(blocks, 'item', line, 0);
  if (open === null) return push(blocks, 'paragraph', line, 0);
  open.end = line.end;
  open.lines.push(line);
  return open;
}

function push(blocks: OpenBlock[], kind: BlockKind, line: TextRange, level: number): OpenBlock {
  const block: OpenBlock = { kind, level, quoteDepth: 0, start: line.start, end: line.end, lines: [line] };
  blocks.push(block);
  return block;
}
