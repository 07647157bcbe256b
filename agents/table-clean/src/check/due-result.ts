import type { DueFile } from '@canswarm/agent';
import { clippedName, type Row, renderRow, TABLE_MARKS_MAX, type Table } from '@canswarm/csv';
import { Column, filled, type Step, spaced } from './columns.ts';
import { PLAIN, readIn } from './figure.ts';
import { markersFor } from './markers.ts';
import { dueNames } from './names.ts';
import type { Request } from './request.ts';
import { Sum } from './sum.ts';

/** The fields of a value for a cleaned table. */
export interface DueValue {
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly dropped: Readonly<Record<'empty' | 'duplicate' | 'fields', number>>;
  readonly patches: number;
  readonly changes: Readonly<Record<'header' | 'fit' | Step['rule'], number>>;
  readonly columns: readonly { readonly name: string; readonly kind: string; readonly unclear: number }[];
  readonly totals: readonly {
    readonly column: number;
    readonly before: string;
    readonly dropped: string;
    readonly after: string;
  }[];
  readonly formulas: number;
}

/** What each record of the source must come to: nothing (why), or a row. */
type Fate = 'empty' | 'fields' | 'row';

/**
 * Goes through the source once more, replaying the log: tells each file what must come next in it, and gives the value that is due.
 * Null when the records that count would have too many cells, each as wide as the header.
 */
export function dueResult(
  source: Table,
  request: Request,
  files: { table: DueFile; patches: DueFile },
): DueValue | null {
  const reading = readRecords(source, request);
  if (reading.used.length * reading.names.length > TABLE_MARKS_MAX) return null;
  const replay = new Replay(source, request, files, reading);
  replay.header();
  for (let index = 1; index < source.rows.length; index++) replay.record(index);
  return replay.value();
}

/** What is known of a table before its columns are read. */
interface Reading {
  readonly names: readonly string[];
  /** Of each column; null for one that is kept. */
  readonly markers: readonly (readonly string[] | null)[];
  readonly fates: readonly Fate[];
  /** Records that are rows. */
  readonly used: readonly Row[];
}

function readRecords({ rows }: Table, request: Request): Reading {
  const header = rows[0] ?? [];
  const names = request.asks('header') ? dueNames(header) : header;
  const kept = new Set(request.keep);
  const full = rows.filter((row, index) => index > 0 && row.length === header.length);
  const markers = names.map((name, at) =>
    kept.has(name)
      ? null
      : markersFor(
          full.map((row) => spaced(row[at] ?? '', request)),
          request,
        ),
  );
  const fates = rows.map((row) => fateOf(row, markers, request));
  return { names, markers, fates, used: rows.filter((_, index) => index > 0 && fates[index] === 'row') };
}

class Replay {
  readonly #rows: readonly Row[];
  readonly #request: Request;
  readonly #table: DueFile;
  readonly #patches: DueFile;
  readonly #names: readonly string[];
  readonly #fates: readonly Fate[];
  readonly #columns: readonly Column[];
  readonly #sums: readonly { readonly before: Sum; readonly dropped: Sum; readonly after: Sum }[];
  /** Rows of the cleaned table: record of the source by all cells. */
  readonly #known = new Map<string, number>();
  readonly #dropped = { empty: 0, duplicate: 0, fields: 0 };
  readonly #changes = { header: 0, fit: 0, trim: 0, collapse: 0, empty: 0, date: 0, number: 0 };
  #used = 0;
  #rowsOut = 0;
  #patchLines = 0;
  #formulas = 0;

  constructor(
    { rows }: Table,
    request: Request,
    { table, patches }: { table: DueFile; patches: DueFile },
    { names, markers, fates, used }: Reading,
  ) {
    this.#rows = rows;
    this.#request = request;
    this.#table = table;
    this.#patches = patches;
    this.#names = names;
    this.#fates = fates;
    this.#columns = markers.map((own, at) => {
      const cells = used.map((row) => row[at] ?? '');
      return new Column(cells, own, request);
    });
    this.#sums = names.map(() => ({ before: new Sum(), dropped: new Sum(), after: new Sum() }));
  }

  header(): void {
    const header = this.#rows[0] ?? [];
    for (const [at, before] of header.entries()) {
      const after = this.#names[at] ?? '';
      if (after === before) continue;
      this.#changes.header += 1;
      this.#patch({ row: 1, column: at + 1, rule: 'header', before, after });
    }
    this.#row(this.#names, 0);
  }

  record(index: number): void {
    const source = this.#rows[index] ?? [];
    const fate = this.#fates[index];
    if (fate !== 'row') {
      const empty = fate === 'empty';
      this.#dropped[empty ? 'empty' : 'fields'] += 1;
      this.#patch(
        empty ? { row: index + 1, drop: 'empty' } : { row: index + 1, drop: 'fields', fields: source.length },
      );
      return;
    }
    const row = this.#columns.map(({ cells }) => cells[this.#used] ?? '');
    this.#used += 1;
    const first = this.#request.asks('drop-duplicate') ? this.#sameRow(row, index) : undefined;
    for (const [at, column] of this.#columns.entries()) {
      if (column.isNumber()) this.#sum(at, column, source[at] ?? '', row[at] ?? '', first === undefined);
    }
    if (first !== undefined) {
      this.#dropped.duplicate += 1;
      this.#patch({ row: index + 1, drop: 'duplicate', of: first });
      return;
    }
    this.#changesOf(index, source, row);
    this.#rowsOut += 1;
    this.#row(row, index);
  }

  value(): DueValue {
    return {
      rowsIn: this.#rows.length - 1,
      rowsOut: this.#rowsOut,
      dropped: this.#dropped,
      patches: this.#patchLines,
      changes: this.#changes,
      columns: this.#columns.map(({ kind, unclear }, at) => ({
        name: clippedName(this.#names[at] ?? ''),
        kind,
        unclear,
      })),
      totals: this.#sums.flatMap(({ before, dropped, after }, at) =>
        this.#columns[at]?.isNumber() === true
          ? [{ column: at + 1, before: before.text(), dropped: dropped.text(), after: after.text() }]
          : [],
      ),
      formulas: this.#formulas,
    };
  }

  #changesOf(index: number, source: Row, row: Row): void {
    if (source.length !== row.length) {
      this.#changes.fit += 1;
      this.#patch({ row: index + 1, rule: 'fit', before: source.length, after: row.length });
    }
    for (const [at, due] of row.entries()) {
      const cell = source[at] ?? '';
      if (cell === due) continue;
      for (const { rule, before, after } of this.#columns[at]?.steps(cell) ?? []) {
        this.#changes[rule] += 1;
        this.#patch({ row: index + 1, column: at + 1, rule, before, after });
      }
    }
  }

  /** The record with the same cells that stays in the table, if there is one; else this one does. */
  #sameRow(row: Row, index: number): number | undefined {
    const key = row.map((cell) => `${cell.length}:${cell}`).join('');
    const first = this.#known.get(key);
    if (first === undefined) this.#known.set(key, index + 1);
    return first;
  }

  #sum(at: number, column: Column, source: string, cleaned: string, stays: boolean): void {
    const sums = this.#sums[at];
    const [before, after] = [column.before(source), column.after(cleaned)];
    if (before !== null) sums?.before.add(before);
    if (after !== null) sums?.[stays ? 'after' : 'dropped'].add(after);
  }

  #row(row: Row, index: number): void {
    for (const cell of row) if (mayBeFormula(cell)) this.#formulas += 1;
    this.#table.due(renderRow(row), () => `from row ${index + 1} of the source`);
  }

  #patch(patch: Readonly<Record<string, string | number>>): void {
    this.#patchLines += 1;
    this.#patches.due(`${JSON.stringify(patch)}\n`, () => `for row ${patch['row']} of the source`);
  }
}

/** `markers` has those of each column, null for one that is kept. */
function fateOf(row: Row, markers: readonly (readonly string[] | null)[], request: Request): Fate {
  const isEmpty = (cell: string, at: number): boolean => {
    const own = at < markers.length ? markers[at] : request.markers;
    return (own === null || own === undefined ? cell : filled(cell, request, own)) === '';
  };
  if (request.asks('drop-empty') && row.every(isEmpty)) return 'empty';
  const surplus = row.slice(markers.length);
  const fits = request.asks('fit') && surplus.every((cell) => filled(cell, request, request.markers) === '');
  return fits || row.length === markers.length ? 'row' : 'fields';
}

/** What a spreadsheet may take for a formula: it begins like one and is no plain decimal. */
function mayBeFormula(cell: string): boolean {
  return '=+-@\t\r'.includes(cell.charAt(0)) && cell !== '' && readIn(cell, PLAIN) === null;
}
