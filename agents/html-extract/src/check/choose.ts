import type { Asked, AskedField } from './asked.ts';
import type { RawRow } from './collection.ts';
import { firstWithin } from './selectors.ts';
import { type Table, tablesOf } from './table.ts';
import type { Branch, Tree } from './tree.ts';

/** Rows of a tree that are due, in order, and what they were taken from. */
export interface Chosen {
  readonly kind: 'rows' | 'table' | 'list' | 'none';
  readonly around: Branch | undefined;
  readonly names: readonly string[];
  readonly found: readonly RawRow[];
  readonly someTooLarge: boolean;
}

export function choose(tree: Tree, { rows, fields }: Asked): Chosen {
  const names = (fields ?? []).map(({ name }) => name);
  if (rows !== undefined) {
    const matched = rows(tree);
    const branches = tree.all.filter(({ order }) => matched[order] === 1);
    const found = rowsWith(tree, branches, fields ?? [], (row) => row);
    return { kind: 'rows', around: undefined, names, found, someTooLarge: false };
  }
  const { tables, someTooLarge } = tablesOf(tree);
  const unselected = (fields ?? []).filter(({ matcher }) => matcher === undefined);
  const table = greatest(
    tables.filter((one) => unselected.every(({ name }) => one.names?.includes(name) === true)),
    ({ lines, width }) => lines.length * width,
  );
  if (table !== undefined) return { ...fromTable(tree, table, fields), someTooLarge };
  const lists = tree.all.filter(({ name }) => name === 'ul' || name === 'ol');
  const itemsOf = (list: Branch): readonly Branch[] => list.children.filter(({ name }) => name === 'li');
  const fitting = unselected.length > 1 ? [] : lists.filter((list) => itemsOf(list).length >= 2);
  const list = greatest(fitting, (one) => itemsOf(one).length);
  if (list === undefined) return { kind: 'none', around: undefined, names, found: [], someTooLarge };
  const found =
    fields === undefined
      ? itemsOf(list).map((row) => ({ row, cell: () => row }))
      : rowsWith(tree, itemsOf(list), fields, (row) => row);
  return { kind: 'list', around: list, names: fields === undefined ? ['text'] : names, found, someTooLarge };
}

function greatest<T>(items: readonly T[], measure: (item: T) => number): T | undefined {
  const sizes = items.map(measure);
  return items[sizes.indexOf(sizes.reduce((most, size) => Math.max(most, size), 0))];
}

function fromTable(
  tree: Tree,
  { branch, width, names, lines }: Table,
  fields: Asked['fields'],
): Omit<Chosen, 'someTooLarge'> {
  const kind = 'table' as const;
  if (fields === undefined) {
    const columns = [...Array(width).keys()];
    const found = lines.map(({ row, slots }) => ({ row, cell: (column: number) => slots[column] }));
    return { kind, around: branch, names: names ?? columns.map((column) => `column ${column + 1}`), found };
  }
  const slots = new Map(lines.map((line) => [line.row, line.slots]));
  const own = (row: Branch, { name }: AskedField): Branch | undefined => slots.get(row)?.[names?.indexOf(name) ?? -1];
  const found = rowsWith(
    tree,
    lines.map(({ row }) => row),
    fields,
    own,
  );
  return { kind, around: branch, names: fields.map(({ name }) => name), found };
}

/** Rows with the element of each field: the first within that its selector matches, or what `own` says. */
function rowsWith(
  tree: Tree,
  rows: readonly Branch[],
  fields: readonly AskedField[],
  own: (row: Branch, field: AskedField) => Branch | undefined,
): readonly RawRow[] {
  const isRow = new Set(rows);
  const byField = fields.map(({ matcher }) =>
    matcher === undefined ? undefined : firstWithin(tree, (branch) => isRow.has(branch), matcher(tree)),
  );
  return rows.map((row) => ({
    row,
    cell(index) {
      const field = fields[index];
      const first = byField[index];
      if (first !== undefined) return first.get(row.order);
      return field === undefined ? undefined : own(row, field);
    },
  }));
}
