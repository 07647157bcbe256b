import type { Block } from './block.ts';

/** Neighbouring paragraphs are quoted together, and lists whole, up to this many characters. */
const JOINED_LENGTH_MAX = 480;
/** What a passage ending in a colon announces is quoted with it up to here. */
const ANNOUNCED_LENGTH_MAX = 1200;
/** A passage is cut to this length. At most three bytes of UTF-8 a UTF-16 unit: always below `QUOTE_BYTES_MAX`. */
export const PASSAGE_LENGTH_MAX = 1300;
/** What may stand between two blocks quoted together: white space, marks of lists, quotes, tables and fences, HTML tags. */
const GAP = /^(?:[\s>*+\-•.)(|`~\d]|<[^<>]*>)*$/;
const GAP_LENGTH_MAX = 80;
/** Fewer letters and digits than this say nothing by themselves. */
const LETTERS_MIN = 8;

/** Blocks that stay together, in order. Invariant: never empty. */
type Group = [Block, ...Block[]];

/**
 * Turns blocks into the passages that may be quoted: what ends in a colon keeps what it announces, a short list stays whole,
 * short paragraphs of one section are joined, long ones are cut between sentences. Code counts only `withCode`, and then goes
 * with the passage above it where there is room.
 */
export function passagesOf(text: string, blocks: readonly Block[], withCode: boolean): Block[] {
  const kept = withCode ? blocks : blocks.filter((block) => block.kind !== 'code');
  const groups: Group[] = [];
  for (const unit of lists(text, kept)) {
    const group = groups.at(-1);
    if (group !== undefined && joins(text, group, unit)) group.push(...unit);
    else groups.push([...unit]);
  }
  const joined = groups.flatMap((group) => (isLongList(group) ? group : [together(group)]));
  return joined.flatMap((passage) => cut(text, passage)).filter(saysSomething);
}

/** Gathers the items of each list; any other block stands alone. */
function lists(text: string, blocks: readonly Block[]): Group[] {
  const units: Group[] = [];
  for (const block of blocks) {
    const unit = units.at(-1);
    const last = unit?.at(-1);
    const continues = last?.kind === 'item' && block.kind === 'item' && adjoins(text, last, block);
    if (unit !== undefined && continues) unit.push(block);
    else units.push([block]);
  }
  return units;
}

function joins(text: string, group: Group, unit: Group): boolean {
  const last = group.at(-1) ?? group[0];
  const next = unit[0];
  if (last.kind === 'row' || next.kind === 'row' || !adjoins(text, last, next)) return false;
  const length = (unit.at(-1) ?? next).end - group[0].start;
  const announces = last.kind === 'paragraph' && /[:：]$/.test(text.slice(last.start, last.end));
  if (announces || next.kind === 'code') return length <= ANNOUNCED_LENGTH_MAX;
  return last.kind === 'paragraph' && next.kind === 'paragraph' && length <= JOINED_LENGTH_MAX;
}

function adjoins(text: string, last: Block, next: Block): boolean {
  if (next.start - last.end > GAP_LENGTH_MAX || last.headings.join('\n') !== next.headings.join('\n')) return false;
  return GAP.test(text.slice(last.end, next.start));
}

const isLongList = (group: Group): boolean =>
  group[0].kind === 'item' && (group.at(-1) ?? group[0]).end - group[0].start > JOINED_LENGTH_MAX;

function together(group: Group): Block {
  const [first, ...rest] = group;
  if (rest.length === 0) return first;
  return { ...first, end: (rest.at(-1) ?? first).end, text: group.map((block) => block.text).join('\n') };
}

/** Cuts what is too long between sentences, else between words, else between characters. */
function cut(text: string, passage: Block): Block[] {
  if (passage.end - passage.start <= PASSAGE_LENGTH_MAX) return [passage];
  const pieces: Block[] = [];
  for (let start = passage.start; start < passage.end; ) {
    const end = cutBefore(text, start, passage.end);
    const raw = text.slice(start, end);
    const lead = raw.length - raw.trimStart().length;
    const trimmed = raw.trim();
    if (trimmed !== '')
      pieces.push({ ...passage, start: start + lead, end: start + lead + trimmed.length, text: trimmed });
    start = end;
  }
  return pieces;
}

const SENTENCE_END = /[.!?](?=\s)|[。！？\n]/g;

function cutBefore(text: string, start: number, end: number): number {
  const furthest = start + PASSAGE_LENGTH_MAX;
  if (furthest >= end) return end;
  const window = text.slice(start, furthest);
  let sentence = 0;
  for (const match of window.matchAll(SENTENCE_END)) sentence = match.index + match[0].length;
  if (sentence > PASSAGE_LENGTH_MAX / 4) return start + sentence;
  const space = window.search(/\s\S*$/);
  if (space > PASSAGE_LENGTH_MAX / 4) return start + space;
  const splitsPair = /[\uD800-\uDBFF]$/.test(window);
  return splitsPair ? furthest - 1 : furthest;
}

function saysSomething(passage: Block): boolean {
  const letters = passage.text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  return letters >= LETTERS_MIN || /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]{3}/u.test(passage.text);
}
