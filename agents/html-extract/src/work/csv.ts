import { formatRow } from '@canswarm/csv';

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Rows as CSV, the names first. For people's spreadsheets: a text that one would run as a formula has an apostrophe before it, but in
 * columns of numbers.
 */
export function csvOf(
  names: readonly string[],
  rows: readonly (readonly (string | null)[])[],
  isNumber: readonly boolean[],
): string {
  const lines = [formatRow(names.map(shown))];
  for (const row of rows)
    lines.push(formatRow(row.map((value, column) => (isNumber[column] === true ? (value ?? '') : shown(value ?? '')))));
  return lines.join('');
}

const shown = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);
