/** Longest table file, bytes. */
export const TABLE_BYTES_MAX = 33_554_432;
/** Most line ends of a table, each counted wherever it stands; CR LF is one. */
export const TABLE_LINES_MAX = 1_048_576;
/** Most delimiters and line ends of a table together, each counted wherever it stands; CR LF is one. */
export const TABLE_MARKS_MAX = 2_097_152;
/** Longest field, UTF-16 code units. */
export const FIELD_LENGTH_MAX = 1_048_576;
/** Most columns of a table. */
export const TABLE_COLUMNS_MAX = 4_096;

/** Most characters of the name of a column that reports show. */
export const NAME_CHARACTERS_MAX = 64;

/** What may separate fields, in the order in which a guess prefers them. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

export interface ReadOptions {
  /** Null: guessed from the first record. */
  readonly delimiter: Delimiter | null;
  /** At most `TABLE_BYTES_MAX`, which is the default. */
  readonly bytesMax?: number;
  /** At most `TABLE_MARKS_MAX`, which is the default. */
  readonly marksMax?: number;
}

/**
 * Why a file is no table that can be read, the first that holds:
 *
 * - `too_large`: it has more bytes than may be.
 * - `not_utf8`: it is not UTF-8.
 * - `binary`: it has a NUL.
 * - `empty`: it has no character.
 * - `too_many_rows`: it has more line ends than may be.
 * - `too_many_cells`: it has more delimiters and line ends than may be.
 * - `quotes`: a quoted field does not end, or something but a delimiter or line end follows it.
 * - `too_long_field`: a field is longer than may be.
 * - `too_many_columns`: its first record has more fields than may be.
 */
export type TableFaultCode =
  | 'too_large'
  | 'not_utf8'
  | 'binary'
  | 'empty'
  | 'too_many_rows'
  | 'too_many_cells'
  | 'quotes'
  | 'too_long_field'
  | 'too_many_columns';

export interface TableFault {
  readonly code: TableFaultCode;
  /** For `quotes` and `too_long_field` the record of the first such field, from 1; else null. */
  readonly row: number | null;
}

export type Row = readonly string[];

/** A table as it stands: every record with its fields, the first is the header. There is at least one record. */
export interface Table {
  readonly delimiter: Delimiter;
  readonly rows: readonly Row[];
}

export type TableResult =
  | { readonly ok: true; readonly table: Table }
  | { readonly ok: false; readonly fault: TableFault };
