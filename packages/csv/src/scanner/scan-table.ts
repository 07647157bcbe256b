import {
  FIELD_LENGTH_MAX,
  type ReadOptions,
  type Row,
  TABLE_BYTES_MAX,
  TABLE_COLUMNS_MAX,
  TABLE_LINES_MAX,
  TABLE_MARKS_MAX,
  type TableFaultCode,
  type TableResult,
} from '../table.ts';
import { headDelimiter } from './head-delimiter.ts';

const CR = 0x0d;
const LF = 0x0a;
const QUOTE = 0x22;

/** Reads a table by a scanner of its own: one pass over the characters, which knows at each of them where it stands. */
export function scanTable(bytes: Uint8Array, options: ReadOptions): TableResult {
  if (bytes.byteLength > (options.bytesMax ?? TABLE_BYTES_MAX)) return fault('too_large');
  const text = utf8Text(bytes);
  if (text === null) return fault('not_utf8');
  if (bytes.includes(0)) return fault('binary');
  if (text.length === 0) return fault('empty');
  const delimiter = options.delimiter ?? headDelimiter(text);
  const scanner = new Scanner(text, delimiter.charCodeAt(0));
  const { delimiters, lineEnds } = scanner.countMarks();
  if (lineEnds > TABLE_LINES_MAX) return fault('too_many_rows');
  if (delimiters + lineEnds > (options.marksMax ?? TABLE_MARKS_MAX)) return fault('too_many_cells');
  const rows: Row[] = [];
  let tooLong: number | null = null;
  while (!scanner.atEnd()) {
    const row = scanner.record();
    if (row === null) return { ok: false, fault: { code: 'quotes', row: rows.length + 1 } };
    rows.push(row);
    if (tooLong === null && scanner.longest > FIELD_LENGTH_MAX) tooLong = rows.length;
  }
  if (tooLong !== null) return { ok: false, fault: { code: 'too_long_field', row: tooLong } };
  const columns = rows[0]?.length ?? 0;
  return columns > TABLE_COLUMNS_MAX ? fault('too_many_columns') : { ok: true, table: { delimiter, rows } };
}

const fault = (code: TableFaultCode): TableResult => ({ ok: false, fault: { code, row: null } });

function utf8Text(bytes: Uint8Array): string | null {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  // The replacement character stands for three bytes that are none of a character, or for itself.
  return text.includes('\ufffd') && !isWholly(text, bytes) ? null : text.slice(marked ? 1 : 0);
}

const isWholly = (text: string, bytes: Uint8Array): boolean => Buffer.from(text, 'utf8').equals(bytes);

class Scanner {
  /** Length of the longest field up to here. */
  longest = 0;
  readonly #text: string;
  readonly #delimiter: number;
  #at = 0;

  constructor(text: string, delimiter: number) {
    this.#text = text;
    this.#delimiter = delimiter;
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  countMarks(): { readonly delimiters: number; readonly lineEnds: number } {
    let [delimiters, lineEnds] = [0, 0];
    for (let at = 0; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === CR && this.#text.charCodeAt(at + 1) === LF) continue;
      if (code === CR || code === LF) lineEnds += 1;
      else if (code === this.#delimiter) delimiters += 1;
    }
    return { delimiters, lineEnds };
  }

  /** The next record with its line end; null when its quotation marks are unsound. */
  record(): Row | null {
    const fields: string[] = [];
    for (;;) {
      const field = this.#text.charCodeAt(this.#at) === QUOTE ? this.#quoted() : this.#plain();
      if (field === null) return null;
      fields.push(field);
      this.longest = Math.max(this.longest, field.length);
      if (this.atEnd()) return fields.slice();
      const code = this.#text.charCodeAt(this.#at);
      this.#at += 1;
      if (code === this.#delimiter) continue;
      if (code === CR && this.#text.charCodeAt(this.#at) === LF) this.#at += 1;
      return fields.slice();
    }
  }

  #plain(): string {
    const start = this.#at;
    while (!this.#atBreak()) this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #quoted(): string | null {
    this.#at += 1;
    const start = this.#at;
    for (;;) {
      while (!this.atEnd() && this.#text.charCodeAt(this.#at) !== QUOTE) this.#at += 1;
      if (this.atEnd()) return null;
      this.#at += 1;
      if (this.#text.charCodeAt(this.#at) !== QUOTE) break;
      this.#at += 1;
    }
    return this.#atBreak() ? this.#text.slice(start, this.#at - 1).replaceAll('""', '"') : null;
  }

  /** At the end, a delimiter or a line end. */
  #atBreak(): boolean {
    if (this.atEnd()) return true;
    const code = this.#text.charCodeAt(this.#at);
    return code === this.#delimiter || code === CR || code === LF;
  }
}
