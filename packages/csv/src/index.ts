/**
 * CSV tables, read and written in two ways that share no code, so that a fault of one is not attested by itself:
 *
 *     const read = readTable(bytes, { delimiter: null }); // who works with a table: by d3-dsv
 *     const scanned = scanTable(bytes, { delimiter: null }); // who checks the work: by a scanner of its own
 */
export { formatRow } from './library/format-table.ts';
export { readTable } from './library/read-table.ts';
export { shortName } from './library/short-name.ts';
export { clippedName } from './scanner/clipped-name.ts';
export { renderRow } from './scanner/render-row.ts';
export { scanTable } from './scanner/scan-table.ts';
export {
  DELIMITERS,
  type Delimiter,
  FIELD_LENGTH_MAX,
  NAME_CHARACTERS_MAX,
  type ReadOptions,
  type Row,
  TABLE_BYTES_MAX,
  TABLE_COLUMNS_MAX,
  TABLE_LINES_MAX,
  TABLE_MARKS_MAX,
  type Table,
  type TableFault,
  type TableFaultCode,
  type TableResult,
} from './table.ts';
