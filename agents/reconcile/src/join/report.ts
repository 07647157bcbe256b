import { formatRow, type Row } from '@canswarm/csv';
import { ColumnTotals } from './column-totals.ts';
import { decimalText } from './decimal.ts';
import type { Group, Matching, MatchRule } from './match.ts';
import type { Side } from './options.ts';
import { OutputLines } from './output-lines.ts';
import type { Entry, Sheet } from './sheet.ts';

type Both = Readonly<Record<Side, number>>;

export interface Report {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly value: Readonly<Record<string, unknown>>;
}

/** What a matching says, as files and a value. Throws TooLargeError. */
export function reportOf(sheets: Readonly<Record<Side, Sheet>>, rule: MatchRule, matching: Matching): Report {
  return new Reporting(sheets, rule, matching).report();
}

const FORMULA = /^[=+\-@\t\r]/;
const PLAIN_DECIMAL = /^[+-]?[0-9]{1,34}(?:\.[0-9]{1,34})?$/;

class Reporting {
  readonly #sheets: Readonly<Record<Side, Sheet>>;
  readonly #rule: MatchRule;
  readonly #matching: Matching;
  readonly #totals: readonly ColumnTotals[];
  #formulas = 0;
  #different = 0;

  constructor(sheets: Readonly<Record<Side, Sheet>>, rule: MatchRule, matching: Matching) {
    this.#sheets = sheets;
    this.#rule = rule;
    this.#matching = matching;
    this.#totals = rule.compared.map((column) => new ColumnTotals(column));
  }

  report(): Report {
    const { left, right } = this.#sheets;
    const { pairs, only, groups } = this.#matching;
    const repeated = groups.filter((group) => group.left.length > 1 || group.right.length > 1);
    const files = new Map([
      ['differences.csv', this.#differences()],
      ['only-left.csv', this.#file(left.header, this.#alone('left'))],
      ['only-right.csv', this.#file(right.header, this.#alone('right'))],
      ['duplicates.csv', this.#duplicates(repeated)],
      ['skipped.csv', this.#skipped()],
    ]);
    const value = {
      status: 'reconciled',
      rows: each((side) => this.#sheets[side].entries.length),
      blank: each((side) => this.#sheets[side].blank),
      skipped: each((side) => this.#sheets[side].skipped.length),
      matched: pairs.length,
      equal: pairs.length - this.#different,
      different: this.#different,
      differences: this.#totals.reduce((sum, { different }) => sum + different, 0),
      onlyLeft: only.left.length,
      onlyRight: only.right.length,
      duplicates: {
        keys: repeated.length,
        ...each((side) => repeated.reduce((sum, group) => sum + group[side].length, 0)),
      },
      columns: this.#totals.map((totals) => totals.summary()),
      formulas: this.#formulas,
    };
    return { files, value };
  }

  #file(header: Row, rows: Iterable<Row>): Uint8Array {
    const lines = new OutputLines();
    const add = (row: Row): void => {
      for (const cell of row) if (FORMULA.test(cell) && !isPlainDecimal(cell)) this.#formulas += 1;
      lines.add(formatRow(row));
    };
    add(header);
    for (const row of rows) add(row);
    return lines.bytes();
  }

  #keyNames(): Row {
    return this.#rule.keys.map(({ names }) => `key:${names.left}`);
  }

  #differences(): Uint8Array {
    const header = ['left row', 'right row', ...this.#keyNames(), 'column', 'left', 'right', 'difference'];
    return this.#file(header, this.#differing());
  }

  *#differing(): Generator<Row> {
    for (const { left, right } of this.#matching.pairs) {
      let differs = false;
      for (const [index, column] of this.#rule.compared.entries()) {
        const cells = { left: left.cells[column.left] ?? '', right: right.cells[column.right] ?? '' };
        const difference = this.#totals[index]?.addPair(
          this.#rule.normalise(cells.left),
          this.#rule.normalise(cells.right),
        );
        if (difference === undefined || difference === 'none') continue;
        differs = true;
        const keys = this.#rule.keys.map((key) => left.cells[key.left] ?? '');
        const amount = difference === null ? '' : decimalText(difference);
        yield [String(left.row), String(right.row), ...keys, column.names.left, cells.left, cells.right, amount];
      }
      if (differs) this.#different += 1;
    }
  }

  *#alone(side: Side): Generator<Row> {
    for (const { cells } of this.#matching.only[side]) {
      for (const [index, column] of this.#rule.compared.entries())
        this.#totals[index]?.addAlone(side, this.#rule.normalise(cells[column[side]] ?? ''));
      yield cells;
    }
  }

  #duplicates(repeated: readonly Group[]): Uint8Array {
    const rows = repeated.map(({ left, right }) => {
      const keys = this.#rule.keys.map((key) => left[0]?.cells[key.left] ?? right[0]?.cells[key.right] ?? '');
      return [...keys, numbersOf(left), numbersOf(right)];
    });
    return this.#file([...this.#keyNames(), 'left rows', 'right rows'], rows);
  }

  #skipped(): Uint8Array {
    const rows = (['left', 'right'] as const).flatMap((side) =>
      this.#sheets[side].skipped.map(({ row, cells }) => [side, String(row), String(cells.length)]),
    );
    return this.#file(['side', 'row', 'fields'], rows);
  }
}

const numbersOf = (entries: readonly Entry[]): string => entries.map(({ row }) => row).join(' ');

const each = (count: (side: Side) => number): Both => ({ left: count('left'), right: count('right') });

/** Of at most 34 digits, as everywhere. */
const isPlainDecimal = (cell: string): boolean => PLAIN_DECIMAL.test(cell) && cell.replace(/[^0-9]/g, '').length <= 34;
