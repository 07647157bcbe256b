import { renderRow } from '@canswarm/csv';

/** Lines of values as CSV, the first of them the names of the columns. Where a spreadsheet would see a formula it is shown a text. */
export function csvText(lines: readonly (readonly (string | null)[])[], numbers: readonly boolean[]): string {
  let text = '';
  for (const [index, line] of lines.entries()) {
    const cells: string[] = [];
    for (const [column, value] of line.entries()) {
      const mayRun = index === 0 || numbers[column] !== true;
      const isFormula = mayRun && value !== null && value !== '' && '=+-@\t\r'.includes(value.charAt(0));
      cells.push(`${isFormula ? "'" : ''}${value ?? ''}`);
    }
    text += renderRow(cells);
  }
  return text;
}
