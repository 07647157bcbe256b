import type { Line } from './lines.ts';

/** How the lines of a document are to be read. */
export type Syntax = 'markdown' | 'asciidoc' | 'plain';

/** What one line is, seen by itself. `start` is where its own text begins in the document. */
export type LineKind =
  | { readonly kind: 'blank' | 'separator' }
  | { readonly kind: 'fence'; readonly marker: string }
  | { readonly kind: 'heading'; readonly level: number; readonly title: string }
  | { readonly kind: 'underline'; readonly level: number }
  | { readonly kind: 'row' }
  | { readonly kind: 'item'; readonly start: number; readonly indent: number }
  | { readonly kind: 'text'; readonly start: number; readonly indent: number };

const QUOTE_PREFIX = /^[ \t]{0,3}>[ \t]?/;
const FENCE = /^(`{3,}|~{3,}|-{4,}$|\.{4,}$)/;
const ATX_HEADING = /^(#{1,6})[ \t]+(\S.*)$/;
const ASCIIDOC_HEADING = /^(={1,6})[ \t]+(\S.*)$/;
const HEADING_END = /[ \t]+#+[ \t]*$/;
const UNDERLINE = /^([=\-~^"+*#`:.])\1*[ \t]*$/;
const ITEM = /^(?:[-*+•]|\d{1,9}[.)]|[a-z][.)])[ \t]+(?=\S)/;
const DELIMITER_ROW = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const REFERENCE = /^\[[^\]]+\]:[ \t]*\S/;
const TAGS_ONLY = /^(?:[ \t]*<[^<>]*>)+[ \t]*$/;
const CALLOUT = /^\[![a-z]+\][ \t]*$/i;
const MODULE_LINE = /^(?:import|export)[ \t]/;

/** Classifies a line of prose (not one inside a fence). */
export function classify(line: Line, syntax: Syntax): LineKind {
  let text = line.text;
  let start = line.start;
  for (let depth = 0; depth < 4 && syntax === 'markdown'; depth++) {
    const quote = QUOTE_PREFIX.exec(text);
    if (quote === null) break;
    start += quote[0].length;
    text = text.slice(quote[0].length);
  }
  const trimmed = text.trimStart();
  // A byte order mark counts as white space for trimming, which is what is wanted at a document's start.
  const indent = columns(text.slice(0, text.length - trimmed.length));
  start += text.length - trimmed.length;
  if (trimmed === '') return { kind: 'blank' };
  if (syntax === 'plain') return plainLine(trimmed, start, indent);
  const fence = FENCE.exec(trimmed);
  if (fence?.[1] !== undefined && (syntax === 'asciidoc' || /^[`~]/.test(trimmed)))
    return { kind: 'fence', marker: fence[1] };
  const heading = indent < 4 ? (syntax === 'asciidoc' ? ASCIIDOC_HEADING : ATX_HEADING).exec(trimmed) : null;
  if (heading?.[1] !== undefined && heading[2] !== undefined) {
    return { kind: 'heading', level: heading[1].length, title: heading[2].replace(HEADING_END, '') };
  }
  if (/^(?:={2,}|-{2,})[ \t]*$/.test(trimmed)) return { kind: 'underline', level: trimmed.startsWith('=') ? 1 : 2 };
  if (DELIMITER_ROW.test(trimmed) || UNDERLINE.test(trimmed)) return { kind: 'separator' };
  if (REFERENCE.test(trimmed) || TAGS_ONLY.test(trimmed) || CALLOUT.test(trimmed)) return { kind: 'separator' };
  if (indent === 0 && MODULE_LINE.test(trimmed)) return { kind: 'separator' };
  if (trimmed.startsWith('|')) return { kind: 'row' };
  return itemOrText(trimmed, start, indent);
}

function plainLine(trimmed: string, start: number, indent: number): LineKind {
  const underline = UNDERLINE.exec(trimmed);
  if (underline !== null && trimmed.length >= 3) return { kind: 'underline', level: underline[1] === '=' ? 1 : 2 };
  return itemOrText(trimmed, start, indent);
}

function itemOrText(trimmed: string, start: number, indent: number): LineKind {
  const item = ITEM.exec(trimmed);
  return item === null ? { kind: 'text', start, indent } : { kind: 'item', start: start + item[0].length, indent };
}

/** Width of leading white space, a tab reaching to the next multiple of four. */
function columns(space: string): number {
  let width = 0;
  for (const character of space) width = character === '\t' ? width + 4 - (width % 4) : width + 1;
  return width;
}
