import { Parser } from 'htmlparser2';
import { type Block, type BlockKind, codeUnitsOf, cover, JOIN, type Reading, SPACE, textOfUnits } from './reading.ts';

/** Elements whose text no reader sees. */
const UNSEEN: ReadonlySet<string> = new Set(['script', 'style', 'template', 'svg', 'noscript', 'iframe', 'object']);
/** Elements that lead elsewhere: their text can be seen, but is no part of what the page says. */
const ASIDE: ReadonlySet<string> = new Set(['nav', 'footer', 'button', 'select', 'form', 'title']);

const KIND_BY_TAG: ReadonlyMap<string, BlockKind> = new Map([
  ['li', 'item'],
  ['dd', 'item'],
  ['dt', 'item'],
  ['tr', 'row'],
  ['pre', 'code'],
]);

/** Elements that begin and end a block. */
const BLOCKS: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 ' +
    'h6 head header hr html legend li main nav ol p pre section summary table tbody tfoot thead title tr ul'
  ).split(' '),
);
/** Elements that separate words without ending a block. */
const GAPS: ReadonlySet<string> = new Set(['br', 'td', 'th', 'img', 'input', 'wbr', 'option']);

const LINE_FEED = 10;

interface State {
  readonly source: string;
  readonly units: Uint16Array;
  readonly blocks: Block[];
  unseen: number;
  unseenStart: number;
  aside: number;
  quoteDepth: number;
  kind: BlockKind;
  level: number;
  start: number;
  end: number;
}

/**
 * Reads HTML into blocks and visible text with htmlparser2, whose events carry source indices. Character references are decoded
 * in place; a block runs from its first to its last visible character, with the inline tags around and between them.
 */
export function readHtml(source: string): Reading {
  const units = codeUnitsOf(source);
  cover(units, 0, units.length, JOIN);
  const state: State = {
    source,
    units,
    blocks: [],
    unseen: 0,
    unseenStart: 0,
    aside: 0,
    quoteDepth: 0,
    kind: 'paragraph',
    level: 0,
    start: -1,
    end: -1,
  };
  const parser: Parser = new Parser({
    oncomment: () => cover(units, parser.startIndex, parser.endIndex + 1, SPACE),
    onprocessinginstruction: () => cover(units, parser.startIndex, parser.endIndex + 1, SPACE),
    onopentag: (name) => enter(state, name, parser.startIndex, parser.endIndex),
    onclosetag: (name) => leave(state, name, parser.startIndex, parser.endIndex),
    ontext: (text) => addText(state, text, parser.startIndex, parser.endIndex + 1),
  });
  parser.write(source);
  parser.end();
  finishBlock(state);
  return { source, visible: textOfUnits(units), blocks: state.blocks, spans: [] };
}

function separate(state: State, start: number, end: number): void {
  cover(state.units, start, Math.min(end + 1, state.units.length), SPACE);
}

function enter(state: State, name: string, start: number, end: number): void {
  if (BLOCKS.has(name)) {
    separate(state, start, end);
    finishBlock(state);
    const heading = /^h([1-6])$/.exec(name);
    state.kind = heading === null ? (KIND_BY_TAG.get(name) ?? 'paragraph') : 'heading';
    state.level = heading === null ? 0 : Number(heading[1]);
  } else if (GAPS.has(name)) {
    separate(state, start, end);
  }
  if (UNSEEN.has(name)) {
    if (state.unseen === 0) state.unseenStart = start;
    state.unseen += 1;
  }
  if (ASIDE.has(name)) state.aside += 1;
  if (name === 'blockquote') state.quoteDepth += 1;
}

function leave(state: State, name: string, start: number, end: number): void {
  if (BLOCKS.has(name)) {
    separate(state, start, end);
    finishBlock(state);
    state.kind = 'paragraph';
    state.level = 0;
  }
  if (UNSEEN.has(name) && state.unseen > 0) {
    state.unseen -= 1;
    if (state.unseen === 0) separate(state, state.unseenStart, end);
  }
  if (ASIDE.has(name)) state.aside = Math.max(0, state.aside - 1);
  if (name === 'blockquote') state.quoteDepth = Math.max(0, state.quoteDepth - 1);
}

function addText(state: State, text: string, start: number, end: number): void {
  if (state.unseen > 0 || start >= end) return;
  for (let index = 0; index < text.length && start + index < end; index += 1) {
    const at = start + index;
    const unit = text.charCodeAt(index);
    // Line feeds stay where the source has them, whatever a reference stands for and wherever the parser says a text begins.
    if (state.source.charCodeAt(at) === LINE_FEED) continue;
    state.units[at] = unit === LINE_FEED ? SPACE : unit;
  }
  if (text.trim() === '') return;
  const lead = text.length - text.trimStart().length;
  const exact = text.length === end - start;
  if (state.start < 0) state.start = exact ? start + lead : start;
  state.end = exact ? end - (text.length - text.trimEnd().length) : end;
}

function finishBlock(state: State): void {
  const { units, source, level, quoteDepth } = state;
  if (state.start < 0) return;
  const inlineTag = (index: number): boolean => units[index] === JOIN && source.charCodeAt(index) !== JOIN;
  let start = state.start;
  while (start > 0 && inlineTag(start - 1)) start -= 1;
  let end = state.end;
  while (end < source.length && inlineTag(end)) end += 1;
  state.start = -1;
  const kind = state.aside > 0 ? 'hidden' : state.kind;
  state.blocks.push({ kind, level: kind === 'heading' ? level : 0, quoteDepth, start, end, lines: [{ start, end }] });
}
