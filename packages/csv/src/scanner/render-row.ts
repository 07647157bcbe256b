import type { Row } from '../table.ts';

/** A record as it must stand in a file that this software writes; see `formatRow` for the rule. */
export function renderRow(row: Row): string {
  let line = '';
  for (let index = 0; index < row.length; index++) {
    const field = row[index] ?? '';
    if (index > 0) line += ',';
    line += needsQuotes(field) || (row.length === 1 && field.length === 0) ? quoted(field) : field;
  }
  return `${line}\n`;
}

function needsQuotes(field: string): boolean {
  for (let at = 0; at < field.length; at++) {
    const code = field.charCodeAt(at);
    if (code === 0x2c || code === 0x22 || code === 0x0a || code === 0x0d) return true;
  }
  return false;
}

const quoted = (field: string): string => `"${field.split('"').join('""')}"`;
