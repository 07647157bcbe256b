import { dsvFormat } from 'd3-dsv';
import {
  FIELD_LENGTH_MAX,
  type ReadOptions,
  TABLE_BYTES_MAX,
  TABLE_COLUMNS_MAX,
  TABLE_LINES_MAX,
  TABLE_MARKS_MAX,
  type TableFault,
  type TableFaultCode,
  type TableResult,
} from '../table.ts';
import { guessDelimiter } from './guess-delimiter.ts';
import { unsoundQuotes } from './unsound-quotes.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Reads a table with d3-dsv, which takes any text: what it would misread is refused before. */
export function readTable(bytes: Uint8Array, options: ReadOptions): TableResult {
  const { bytesMax = TABLE_BYTES_MAX, marksMax = TABLE_MARKS_MAX } = options;
  if (bytes.length > bytesMax) return refused('too_large');
  const text = decode(bytes);
  if (text === undefined) return refused('not_utf8');
  if (text.includes('\u0000')) return refused('binary');
  if (text === '') return refused('empty');
  const delimiter = options.delimiter ?? guessDelimiter(text);
  const lines = lineEnds(bytes);
  if (lines > TABLE_LINES_MAX) return refused('too_many_rows');
  if (lines + times(bytes, delimiter.charCodeAt(0)) > marksMax) return refused('too_many_cells');
  const row = unsoundQuotes(text, delimiter);
  if (row !== null) return refused('quotes', row);
  // Copies are as long as the record: what the library fills has room to grow.
  const rows = dsvFormat(delimiter).parseRows(text, (record) => record.slice());
  const long = rows.findIndex((record) => record.some((field) => field.length > FIELD_LENGTH_MAX));
  if (long !== -1) return refused('too_long_field', long + 1);
  if ((rows[0]?.length ?? 0) > TABLE_COLUMNS_MAX) return refused('too_many_columns');
  return { ok: true, table: { delimiter, rows } };
}

const refused = (code: TableFaultCode, row: TableFault['row'] = null): TableResult => ({
  ok: false,
  fault: { code, row },
});

function decode(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

const LF = 10;
const CR = 13;

function lineEnds(bytes: Uint8Array): number {
  let ends = 0;
  let before = 0;
  for (const byte of bytes) {
    if (byte === CR || (byte === LF && before !== CR)) ends += 1;
    before = byte;
  }
  return ends;
}

function times(bytes: Uint8Array, wanted: number): number {
  let count = 0;
  for (const byte of bytes) if (byte === wanted) count += 1;
  return count;
}
