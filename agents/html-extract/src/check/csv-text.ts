/** Lines of values as CSV, the first of them the names of the columns. Where a spreadsheet would see a formula it is shown a text. */
export function csvText(lines: readonly (readonly (string | null)[])[], numbers: readonly boolean[]): string {
  let text = '';
  for (const [index, line] of lines.entries()) {
    for (const [column, value] of line.entries()) {
      if (column > 0) text += ',';
      const shown = value ?? '';
      const isFormula =
        shown !== '' && '=+-@\t\r'.includes(shown.charAt(0)) && (index === 0 || numbers[column] !== true);
      text += inQuotes(isFormula ? `'${shown}` : shown, line.length === 1);
    }
    text += '\r\n';
  }
  return text;
}

function inQuotes(text: string, isAlone: boolean): string {
  const needs =
    ['"', ',', '\r', '\n'].some((mark) => text.includes(mark)) ||
    text.startsWith(' ') ||
    text.endsWith(' ') ||
    (isAlone && text === '');
  return needs ? `"${text.split('"').join('""')}"` : text;
}
