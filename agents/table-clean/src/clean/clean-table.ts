import { formatRow, type Row, TABLE_MARKS_MAX } from '@canswarm/csv';
import { applyRules, type ColumnReading } from './cell-rules.ts';
import {
  type ColumnSummary,
  codesLikeMarkers,
  columnKinds,
  columnMarkers,
  dayOrders,
  numberReadings,
} from './columns.ts';
import { ExactSum } from './exact-sum.ts';
import { cleanHeader } from './header.ts';
import { isPlainDecimal, type Notation, PLAIN, plainDecimal } from './numbers.ts';
import type { CellRule, CleanOptions } from './options.ts';
import { OutputLines } from './output-lines.ts';
import { PatchLog } from './patch-log.ts';

export interface CleanedTable {
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly log: PatchLog;
  readonly columns: readonly ColumnSummary[];
  readonly totals: readonly Total[];
  readonly formulas: number;
  readonly lines: OutputLines;
}

/** Exact sums of a column of numbers: over the source, over dropped duplicates, over the cleaned table. */
interface Total {
  readonly column: number;
  readonly before: string;
  readonly dropped: string;
  readonly after: string;
}

/** What becomes of a record. */
type Fate = 'used' | 'empty' | 'fields';

/** Cleans a table: its header is its first record. Null when it would have too many cells once all its records are as wide. */
export function cleanTable(source: readonly Row[], options: CleanOptions): CleanedTable | null {
  const cleaning = new Cleaning(source, options);
  cleaning.readRecords();
  if (cleaning.cells > TABLE_MARKS_MAX) return null;
  cleaning.readColumns();
  cleaning.write();
  return cleaning.result();
}

const FORMULA = /^[=+\-@\t\r]/;

class Cleaning {
  readonly #source: readonly Row[];
  readonly #options: CleanOptions;
  readonly #header: Row;
  readonly #kept: readonly boolean[];
  /** Records with what the rules up to now made of their cells. */
  readonly #rows: Row[];
  readonly #log = new PatchLog();
  readonly #lines = new OutputLines();
  readonly #sums: Record<'before' | 'dropped' | 'after', readonly ExactSum[]>;
  #fates: readonly Fate[] = [];
  #readings: readonly ColumnReading[];
  #columns: readonly ColumnSummary[] = [];
  #rowsOut = 0;
  #formulas = 0;

  constructor(source: readonly Row[], options: CleanOptions) {
    const [head = []] = source;
    this.#source = source;
    this.#options = options;
    this.#header = options.rules.has('header') ? cleanHeader(head) : head;
    this.#kept = this.#header.map((name) => options.keep.has(name));
    this.#rows = [...source];
    this.#readings = head.map(() => this.#unread());
    const sums = (): readonly ExactSum[] => head.map(() => new ExactSum());
    this.#sums = { before: sums(), dropped: sums(), after: sums() };
  }

  /** Applies the rules that need no column read, and says what becomes of each record. */
  readRecords(): void {
    const width = this.#header.length;
    this.#apply('trim');
    this.#apply('collapse');
    const full = this.#rows.slice(1).filter((row) => row.length === width);
    const markers = this.#options.rules.has('empty') ? columnMarkers(width, full, this.#options) : [];
    this.#readings = this.#readings.map((one, index) =>
      this.#kept[index] === true ? one : { ...one, markers: markers[index] ?? one.markers },
    );
    this.#apply('empty');
    this.#fates = this.#rows.map((row) => this.#fateOf(row));
  }

  /** Cells of the records that are used, when each is as wide as the header. */
  get cells(): number {
    return this.#used().length * this.#header.length;
  }

  /** Applies the other rules, each after the columns were read as the rules before it left them. */
  readColumns(): void {
    const width = this.#header.length;
    this.#fit();
    const codes = codesLikeMarkers(this.#readings, this.#used(), this.#options);
    const dates = dayOrders(width, this.#used());
    this.#readings = this.#readings.map((one, index) => ({ ...one, order: dates[index]?.order() ?? null }));
    this.#apply('date');
    const numbers = numberReadings(width, this.#used(), this.#options);
    const unclear = codes.map((count, index) => count + (dates[index]?.unclear() ?? 0));
    this.#columns = columnKinds(this.#header, this.#used(), numbers, unclear);
    this.#readings = this.#readings.map((one, index) => ({ ...one, notation: numbers[index]?.notation ?? null }));
    const notations = this.#readings.map(({ notation }) => notation);
    for (const row of this.#used()) addTo(this.#sums.before, row, notations);
    this.#apply('number');
  }

  /** Writes the table and the log. */
  write(): void {
    this.#writeHeader();
    const rewritten = this.#options.rules.has('number');
    const notations = this.#readings.map(({ notation }, index) =>
      notation !== null && rewritten && this.#kept[index] !== true ? PLAIN : notation,
    );
    const firstOf = new Map<string, number>();
    for (let index = 1; index < this.#rows.length; index++) {
      const row = this.#rows[index] ?? [];
      const fate = this.#fates[index];
      if (fate !== 'used') {
        this.#log.drop(index + 1, fate === 'empty' ? { drop: 'empty' } : { drop: 'fields', fields: row.length });
        continue;
      }
      const key = this.#options.rules.has('drop-duplicate') ? JSON.stringify(row) : '';
      const first = firstOf.get(key);
      addTo(first === undefined ? this.#sums.after : this.#sums.dropped, row, notations);
      if (first !== undefined) {
        this.#log.drop(index + 1, { drop: 'duplicate', of: first });
        continue;
      }
      if (key !== '') firstOf.set(key, index + 1);
      this.#logCells(index, row);
      this.#writeRow(row);
      this.#rowsOut += 1;
    }
  }

  result(): CleanedTable {
    const { before, dropped, after } = this.#sums;
    const totals = this.#readings.flatMap(({ notation }, index): Total[] =>
      notation === null
        ? []
        : [{ column: index + 1, before: `${before[index]}`, dropped: `${dropped[index]}`, after: `${after[index]}` }],
    );
    return {
      rowsIn: this.#source.length - 1,
      rowsOut: this.#rowsOut,
      log: this.#log,
      columns: this.#columns,
      totals,
      formulas: this.#formulas,
      lines: this.#lines,
    };
  }

  /** How cells are read that stand in no column. */
  #unread(): ColumnReading {
    return { markers: this.#options.markers, order: null, notation: null };
  }

  #fateOf(row: Row): Fate {
    if (this.#options.rules.has('drop-empty') && row.every((cell) => cell === '')) return 'empty';
    const width = this.#header.length;
    if (row.length === width) return 'used';
    return this.#options.rules.has('fit') && row.slice(width).every((cell) => cell === '') ? 'used' : 'fields';
  }

  /** Gives records empty cells at their end, or takes such away, until they are as wide as the header. */
  #fit(): void {
    for (const [index, row] of this.#rows.entries()) {
      const missing = this.#header.length - row.length;
      if (missing === 0 || this.#fates[index] !== 'used') continue;
      this.#rows[index] = missing < 0 ? row.slice(0, missing) : [...row, ...Array.from({ length: missing }, () => '')];
    }
  }

  /** Records that stay in the table or repeat one that does. */
  #used(): readonly Row[] {
    return this.#rows.filter((_, index) => index > 0 && this.#fates[index] === 'used');
  }

  #apply(rule: CellRule): void {
    if (!this.#options.rules.has(rule)) return;
    const unread = this.#unread();
    for (let index = 1; index < this.#rows.length; index++) {
      const row = this.#rows[index] ?? [];
      let changed: string[] | undefined;
      for (let column = 0; column < row.length; column++) {
        const cell = row[column] ?? '';
        if (this.#kept[column] === true) continue;
        const after = applyRules(cell, [rule], this.#readings[column] ?? unread);
        if (after === cell) continue;
        changed ??= [...row];
        changed[column] = after;
      }
      if (changed !== undefined) this.#rows[index] = changed;
    }
  }

  #writeHeader(): void {
    const [head = []] = this.#source;
    for (const [column, after] of this.#header.entries()) {
      const before = head[column] ?? '';
      if (after !== before) this.#log.change({ row: 1, column: column + 1, rule: 'header', before, after });
    }
    this.#writeRow(this.#header);
  }

  #writeRow(row: Row): void {
    for (const cell of row) if (FORMULA.test(cell) && !isPlainDecimal(cell)) this.#formulas += 1;
    this.#lines.add(formatRow(row));
  }

  #logCells(index: number, row: Row): void {
    const source = this.#source[index] ?? [];
    if (source.length !== row.length) this.#log.fit(index + 1, source.length, row.length);
    for (const [column, after] of row.entries()) {
      const cell = source[column] ?? '';
      if (cell === after) continue;
      const reading = this.#readings[column] ?? this.#unread();
      applyRules(cell, this.#options.cellRules, reading, (rule, from, to) => {
        this.#log.change({ row: index + 1, column: column + 1, rule, before: from, after: to });
      });
    }
  }
}

/** Adds the numbers of a record, in these notations, to the sums of their columns. */
function addTo(sums: readonly ExactSum[], row: Row, notations: readonly (Notation | null)[]): void {
  for (const [index, notation] of notations.entries()) {
    const cell = row[index] ?? '';
    if (notation !== null && cell !== '') sums[index]?.add(plainDecimal(cell, notation));
  }
}
