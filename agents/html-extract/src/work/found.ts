import { type DataTable, dataTables } from './grid.ts';
import type { Page } from './page.ts';
import type { Field } from './request.ts';
import type { PageSelector } from './selector.ts';

/** Rows that were found on a page, before anything was read of them. */
export interface FoundRows {
  readonly kind: 'rows' | 'table' | 'list' | 'none';
  /** The table or list they stand in. */
  readonly element: number | null;
  readonly rows: readonly number[];
  /** The element that a field of a row is read of, if there is one; by the row's place in `rows`. */
  cellAt(row: number, field: number): number | undefined;
  /** Names of the columns that were found with the rows; null where a selector chose them. */
  readonly fields: readonly string[] | null;
  readonly tooLarge: boolean;
}

/** Rows that a selector chooses. */
export function chosenRows(page: Page, rows: PageSelector, fields: readonly Field[]): FoundRows {
  const elements = rows.matches(page);
  const cellAt = cellsBy(page, elements, fields, null);
  return { kind: 'rows', element: null, rows: elements, cellAt, fields: null, tooLarge: false };
}

/** Rows of the main table of a page; of its main list when there is no table with the columns that are asked for. */
export function mainRows(page: Page, asked: readonly Field[] | null): FoundRows {
  const { tables, tooLarge } = dataTables(page);
  const columns = (asked ?? []).filter(({ selector }) => selector === null).map(({ name }) => name);
  const fitting = tables.filter(({ header }) => columns.every((name) => header?.includes(name)));
  const table = largest(fitting, ({ rows, columns: width }) => rows.length * width);
  if (table !== undefined) return { ...rowsOfTable(page, table, asked), tooLarge };
  const fields = asked?.map(({ name }) => name) ?? ['text'];
  const lists = columns.length > 1 ? [] : listsOf(page);
  const list = largest(lists, ({ items }) => items.length);
  if (list === undefined)
    return { kind: 'none', element: null, rows: [], cellAt: () => undefined, fields: null, tooLarge };
  const { element, items } = list;
  const cellAt = asked === null ? (row: number) => items[row] : cellsBy(page, items, asked, null);
  return { kind: 'list', element, rows: items, cellAt, fields, tooLarge };
}

/** The first of those that are largest. */
function largest<T>(all: readonly T[], size: (one: T) => number): T | undefined {
  let best: T | undefined;
  for (const one of all) if (best === undefined || size(one) > size(best)) best = one;
  return best;
}

function rowsOfTable(
  page: Page,
  { element, header, columns, rows }: DataTable,
  asked: readonly Field[] | null,
): Omit<FoundRows, 'tooLarge'> {
  const elements = rows.map((row) => row.element);
  const slotAt = (row: number, column: number): number | undefined => rows[row]?.cells[column];
  if (asked === null)
    return { kind: 'table', element, rows: elements, cellAt: slotAt, fields: namesOf(header, columns) };
  const at = asked.map(({ name }) => header?.indexOf(name) ?? -1);
  const cellAt = cellsBy(page, elements, asked, (row, field) => slotAt(row, at[field] ?? -1));
  return { kind: 'table', element, rows: elements, cellAt, fields: asked.map(({ name }) => name) };
}

/** Names of a table's columns. */
export const namesOf = (header: DataTable['header'], columns: number): readonly string[] =>
  header ?? Array.from({ length: columns }, (_, column) => `column ${column + 1}`);

/** Of each row the first descendant that a field's selector matches; without one what `own` says, or the row itself. */
function cellsBy(
  page: Page,
  rows: readonly number[],
  fields: readonly Field[],
  own: FoundRows['cellAt'] | null,
): FoundRows['cellAt'] {
  const matches = fields.map(({ selector }) => selector?.matches(page) ?? null);
  return (row, field) => {
    const indices = matches[field] ?? null;
    const element = rows[row] ?? 0;
    if (indices === null) return own === null ? element : own(row, field);
    const next = indices[firstAbove(indices, element)];
    return next !== undefined && next < (page.elements[element]?.end ?? 0) ? next : undefined;
  };
}

/** Position of the first number above a bound in a rising list. */
function firstAbove(rising: readonly number[], bound: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Lists of at least two items. */
function listsOf({ elements }: Page): readonly { readonly element: number; readonly items: readonly number[] }[] {
  const items = new Map<number, number[]>();
  for (const [index, { name, parent }] of elements.entries()) {
    const around = elements[parent]?.name;
    if (name !== 'li' || (around !== 'ul' && around !== 'ol')) continue;
    const known = items.get(parent) ?? [];
    known.push(index);
    items.set(parent, known);
  }
  return [...items]
    .filter(([, all]) => all.length > 1)
    .map(([element, all]) => ({ element, items: all }))
    .sort((a, b) => a.element - b.element);
}
