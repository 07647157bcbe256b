import { stripVTControlCharacters } from 'node:util';

/**
 * Control characters, and what reorders or hides text on a terminal: C0, DEL, C1, bidirectional marks and overrides, zero
 * width characters, line and paragraph separators, byte order marks, lone surrogates.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu;

/** Text from documents, programs or the network, made safe to print: whatever could act on a terminal is spelled out. */
export function safe(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** The same of each line of a text: its line breaks stay. */
export const safeLines = (text: string): string => text.split('\n').map(safe).join('\n');

/** A value as one line of JSON that is safe to print: what could act on a terminal is escaped, and reads back the same. */
export const jsonLine = (value: unknown): string => JSON.stringify(value).replace(UNSAFE, escapeUnits);

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    const unit = character.charCodeAt(at).toString(16);
    return `\\u${unit.padStart(4, '0')}`;
  }).join('');
}

/** Safe text on one line: white space is one space each. */
export const oneLine = (text: string): string => safe(text.replace(/\s+/g, ' ').trim());

/** Characters that take two cells of a terminal: CJK, Hangul, full-width forms, emoji. */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;

/** Cells that a text takes on a terminal, styles not counted. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += WIDE.test(character) ? 2 : 1;
  return width;
}

/** Cuts a text without styles to a number of cells. */
export function cut(text: string, cells: number): string {
  if (widthOf(text) <= cells) return text;
  let kept = '';
  let width = 1;
  for (const character of text) {
    width += widthOf(character);
    if (width > cells) break;
    kept += character;
  }
  return cells < 1 ? '' : `${kept}…`;
}

const MICRO_PER_CREDIT = 1_000_000n;

/** Micro-credits as credits, exactly: `1.25`, `-0.000001`. */
export function credits(micro: number | bigint): string {
  const value = BigInt(micro);
  const size = value < 0n ? -value : value;
  const fraction = String(size % MICRO_PER_CREDIT)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${size / MICRO_PER_CREDIT}${fraction === '' ? '' : `.${fraction}`}`;
}

/** `1 credit`, `1.25 credits`. */
export const creditsOf = (micro: number): string => `${credits(micro)} ${micro === 1_000_000 ? 'credit' : 'credits'}`;

/** Credits with a sign, for what came or went. */
export const change = (micro: number): string => `${micro > 0 ? '+' : ''}${credits(micro)}`;

/** Basis points as per cent. */
export const percent = (bps: number): string => `${(bps / 100).toFixed(1)} %`;

/** The recognisable end of a did or CID. */
export const short = (id: string): string => (id.length <= 16 ? id : `…${id.slice(-8)}`);

/** Bytes with a unit, in steps of 1024. */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let [value, unit] = [count, 0];
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `1 document`, `2 documents`. */
export const count = (number: number, noun: string, plural = `${noun}s`): string =>
  `${number} ${number === 1 ? noun : plural}`;

/** Columns padded to their widest cell; `right` names the columns that align right. */
export function table(rows: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): string {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(cell));
  return rows
    .map((row) =>
      row
        .map((cell, at) => {
          const space = ' '.repeat((widths[at] ?? 0) - widthOf(cell));
          return right.has(at) ? space + cell : cell + space;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Indents every line. */
export const indent = (text: string, by = '  '): string => text.replace(/^(?=.)/gm, by);
