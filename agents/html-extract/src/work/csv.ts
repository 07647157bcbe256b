/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Rows as CSV (RFC 4180), the names first. For people's spreadsheets: a text that one would run as a formula has an apostrophe before
 * it, but in columns of numbers.
 */
export function csvOf(
  names: readonly string[],
  rows: readonly (readonly (string | null)[])[],
  isNumber: readonly boolean[],
): string {
  const lines = [names.map((name) => cellOf(name, false, names.length))];
  for (const row of rows)
    lines.push(row.map((value, column) => cellOf(value ?? '', isNumber[column] === true, row.length)));
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

function cellOf(text: string, isNumber: boolean, columns: number): string {
  const safe = !isNumber && FORMULA.test(text) ? `'${text}` : text;
  // An empty line would be no row to some readers.
  return /[",\r\n]|^ | $/.test(safe) || (safe === '' && columns === 1) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
