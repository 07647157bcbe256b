import { COLSPAN_MAX, COLUMNS_MAX, ROWSPAN_MAX, SLOTS_MAX } from '../rules.ts';
import { nameOf } from './run-of-text.ts';
import type { Branch, Tree } from './tree.ts';

/** A row of a table: what lies at each column. */
export interface Line {
  readonly row: Branch;
  readonly slots: readonly (Branch | undefined)[];
}

/** A table that holds data. */
export interface Table {
  readonly branch: Branch;
  readonly width: number;
  /** Names of the columns; null where there is no header. */
  readonly names: readonly string[] | null;
  readonly lines: readonly Line[];
  readonly caption: string | null;
}

/** The data tables of a tree, and whether one was too large to be told. */
export function tablesOf({ all }: Tree): { readonly tables: readonly Table[]; readonly someTooLarge: boolean } {
  const tables: Table[] = [];
  let someTooLarge = false;
  // From the last to the first: whether a table has another within it is known once it comes.
  let next = Number.POSITIVE_INFINITY;
  for (const branch of all.toReversed()) {
    if (branch.name !== 'table') continue;
    const isPlain = next > branch.last;
    next = branch.order;
    const role = branch.attributes.get('role');
    if (!isPlain || role === 'none' || role === 'presentation') continue;
    const table = tableOf(branch);
    if (table === 'too_large') someTooLarge = true;
    else if (table !== undefined) tables.push(table);
  }
  return { tables: tables.reverse(), someTooLarge };
}

const childrenOf = ({ children }: Branch, ...names: readonly string[]): readonly Branch[] =>
  children.filter(({ name }) => names.includes(name));

function tableOf(branch: Branch): Table | 'too_large' | undefined {
  const groups = [...childrenOf(branch, 'thead', 'tbody'), ...childrenOf(branch, 'tfoot')];
  const lines: (Line & { readonly group: string })[] = [];
  let width = 0;
  let slots = 0;
  for (const group of groups) {
    const rows = childrenOf(group, 'tr');
    const grid = gridOf(rows);
    if (grid === undefined) return 'too_large';
    for (const [index, row] of rows.entries()) {
      const line = grid[index] ?? [];
      width = Math.max(width, line.length);
      slots += line.length;
      if (line.length > 0) lines.push({ row, slots: line, group: group.name });
    }
    if (slots > SLOTS_MAX) return 'too_large';
  }
  const head = lines.filter(({ group }) => group === 'thead').pop();
  const cellsOfFirst = lines[0] === undefined ? [] : childrenOf(lines[0].row, 'td', 'th');
  const isHeader = cellsOfFirst.length > 0 && cellsOfFirst.every(({ name }) => name === 'th');
  const header = head ?? (isHeader ? lines[0] : undefined);
  const rest = lines.filter((line) => line.group !== 'thead' && line !== header);
  if (width < 2 || rest.length < 1) return undefined;
  const nameAt = (column: number): string => {
    const cell = header?.slots[column];
    return cell === undefined ? '' : nameOf(cell.text);
  };
  const caption = childrenOf(branch, 'caption')[0]?.text;
  return {
    branch,
    width,
    names: header === undefined ? null : [...Array(width).keys()].map(nameAt),
    lines: rest,
    caption: (caption && nameOf(caption)) || null,
  };
}

/** The grid of a group's rows: each cell is written into all its slots at once. Undefined when it is too large. */
function gridOf(rows: readonly Branch[]): (Branch | undefined)[][] | undefined {
  const grid: (Branch | undefined)[][] = rows.map(() => []);
  let written = 0;
  for (const [y, row] of rows.entries()) {
    const line = grid[y] ?? [];
    let x = 0;
    for (const cell of childrenOf(row, 'td', 'th')) {
      while (line[x] !== undefined) x += 1;
      const right = x + spanOf(cell, 'colspan', COLSPAN_MAX, 1);
      if (right > COLUMNS_MAX) return undefined;
      const bottom = Math.min(rows.length, y + spanOf(cell, 'rowspan', ROWSPAN_MAX, rows.length));
      for (; x < right; x += 1) {
        // A column that a cell from above already holds here stays its own.
        if (line[x] !== undefined) continue;
        for (let down = y; down < bottom; down += 1) (grid[down] ?? [])[x] = cell;
        written += bottom - y;
        if (written > SLOTS_MAX) return undefined;
      }
    }
  }
  return grid;
}

/** How many columns or rows a cell covers; 0 means what `zero` says. */
function spanOf({ attributes }: Branch, name: string, most: number, zero: number): number {
  const digits = attributes.get(name)?.match(/^[ \t\n\f\r]*\+?([0-9]+)/)?.[1];
  if (digits === undefined) return 1;
  const trimmed = digits.replace(/^0+/, '');
  if (trimmed === '') return zero;
  return trimmed.length > 6 ? most : Math.min(most, Number(trimmed));
}
