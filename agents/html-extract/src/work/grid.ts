import { COLSPAN_MAX, COLUMNS_MAX, NAME_UNITS_MAX, ROWSPAN_MAX, SLOTS_MAX } from '../rules.ts';
import { attributeOf } from './attributes.ts';
import { type Page, type PageElement, textOf } from './page.ts';

/** A row of a table: its element, and the cell at each column; cells that cover several columns or rows are repeated. */
export interface GridRow {
  readonly element: number;
  readonly cells: readonly (number | undefined)[];
}

/** A table that holds data: at least two columns, and a row besides the header. */
export interface DataTable {
  readonly element: number;
  readonly columns: number;
  /** Text of each column's header; null where there is no row of headers. */
  readonly header: readonly string[] | null;
  readonly rows: readonly GridRow[];
  readonly caption: string | null;
}

/** A cell that goes on below. */
interface Downward {
  readonly cell: number;
  left: number;
}

/** The tables of a page that hold data, in its order, and whether there were any too large to be looked at. */
export function dataTables(page: Page): { readonly tables: readonly DataTable[]; readonly tooLarge: boolean } {
  const tables: DataTable[] = [];
  let tooLarge = false;
  const within = tableWithin(page);
  for (const [index, { name, node }] of page.elements.entries()) {
    if (name !== 'table' || within.has(index)) continue;
    const role = attributeOf(node, 'role');
    if (role === 'presentation' || role === 'none') continue;
    const table = new Grid(page).read(index);
    if (table === 'too_large') tooLarge = true;
    else if (table !== null) tables.push(table);
  }
  return { tables, tooLarge };
}

/** Tables that have a table within them. */
function tableWithin({ elements }: Page): ReadonlySet<number> {
  const found = new Set<number>();
  const open: number[] = [];
  for (const [index, { name }] of elements.entries()) {
    if (name !== 'table') continue;
    while (open.length > 0 && (elements[open.at(-1) ?? 0]?.end ?? 0) <= index) open.pop();
    const around = open.at(-1);
    if (around !== undefined) found.add(around);
    open.push(index);
  }
  return found;
}

class TooLarge extends Error {}

class Grid {
  readonly #page: Page;
  readonly #rows: (GridRow & { readonly inHead: boolean; readonly onlyHeaders: boolean })[] = [];
  #columns = 0;
  #slots = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  read(table: number): DataTable | 'too_large' | null {
    try {
      this.#fill(table);
    } catch (error) {
      if (error instanceof TooLarge) return 'too_large';
      throw error;
    }
    const rows = this.#rows.filter(({ cells }) => cells.some((cell) => cell !== undefined));
    const heads = rows.filter(({ inHead }) => inHead);
    const [first] = rows;
    const header = heads.at(-1) ?? (first?.onlyHeaders === true ? first : undefined);
    const body = rows.filter((row) => row !== header && !row.inHead);
    if (this.#columns < 2 || body.length === 0) return null;
    return {
      element: table,
      columns: this.#columns,
      header: header === undefined ? null : this.#namesOf(header),
      rows: body,
      caption: this.#captionOf(table),
    };
  }

  /** Rows of head and bodies in the order of the document, those of feet last, as the standard forms a table. */
  #fill(table: number): void {
    const groups = this.#childrenOf(table, ['thead', 'tbody', 'tfoot']);
    const isFoot = (index: number): boolean => this.#page.elements[index]?.name === 'tfoot';
    for (const group of [...groups.filter((index) => !isFoot(index)), ...groups.filter(isFoot)]) {
      const inHead = this.#page.elements[group]?.name === 'thead';
      const below = new Map<number, Downward>();
      for (const row of this.#childrenOf(group, ['tr'])) this.#addRow(row, inHead, below);
    }
  }

  #addRow(row: number, inHead: boolean, below: Map<number, Downward>): void {
    const cells: (number | undefined)[] = [];
    for (const [column, downward] of below) {
      cells[column] = downward.cell;
      downward.left -= 1;
      if (downward.left === 0) below.delete(column);
    }
    const own = this.#childrenOf(row, ['td', 'th']);
    let column = 0;
    for (const cell of own) {
      while (cells[column] !== undefined) column += 1;
      const { colspan, rowspan } = this.#spansOf(cell);
      if (column + colspan > COLUMNS_MAX) throw new TooLarge();
      for (const end = column + colspan; column < end; column += 1) {
        // Where two cells would lie on each other, the earlier one stays.
        if (cells[column] !== undefined) continue;
        cells[column] = cell;
        if (rowspan > 1) below.set(column, { cell, left: rowspan - 1 });
      }
    }
    this.#columns = Math.max(this.#columns, cells.length);
    this.#slots += cells.length;
    if (this.#slots > SLOTS_MAX) throw new TooLarge();
    const onlyHeaders = own.length > 0 && own.every((cell) => this.#page.elements[cell]?.name === 'th');
    this.#rows.push({ element: row, cells, inHead, onlyHeaders });
  }

  #spansOf(cell: number): { readonly colspan: number; readonly rowspan: number } {
    const node = this.#page.elements[cell]?.node;
    const number = (name: string): number | undefined => {
      const digits = /^[\t\n\f\r ]*\+?(\d+)/.exec((node && attributeOf(node, name)) ?? '')?.[1];
      return digits === undefined ? undefined : Number(digits);
    };
    const colspan = Math.min(number('colspan') || 1, COLSPAN_MAX);
    const rowspan = number('rowspan') ?? 1;
    // 0: down to the end of the group, whose rows are fewer than this.
    return { colspan, rowspan: rowspan === 0 ? Number.POSITIVE_INFINITY : Math.min(rowspan, ROWSPAN_MAX) };
  }

  #namesOf({ cells }: GridRow): readonly string[] {
    return Array.from({ length: this.#columns }, (_, column) => {
      const cell = cells[column];
      return cell === undefined ? '' : nameOf(textOf(this.#page, cell));
    });
  }

  #captionOf(table: number): string | null {
    const [caption] = this.#childrenOf(table, ['caption']);
    return caption === undefined ? null : nameOf(textOf(this.#page, caption)) || null;
  }

  /** Child elements with one of these names. */
  #childrenOf(index: number, names: readonly string[]): number[] {
    const { elements } = this.#page;
    const parent = elements[index];
    const children: number[] = [];
    for (let at = index + 1; parent !== undefined && at < parent.end; at = (elements[at] as PageElement).end)
      if (names.includes(elements[at]?.name ?? '')) children.push(at);
    return children;
  }
}

/** A text of the document as a name: its beginning. */
const nameOf = (text: string): string => text.slice(0, NAME_UNITS_MAX).toWellFormed();
