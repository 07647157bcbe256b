import { csvFormatRow } from 'd3-dsv';
import type { Row } from '../table.ts';

/**
 * A record as a line of RFC 4180 with a line feed at its end: separated by commas; quoted is a field that has a comma, a quotation mark
 * or a line end, and an empty one that is alone.
 */
export function formatRow(row: Row): string {
  return row.length === 1 && row[0] === '' ? '""\n' : `${csvFormatRow([...row])}\n`;
}
