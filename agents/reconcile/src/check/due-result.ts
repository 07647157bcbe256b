import { clippedName } from '@canswarm/csv';
import type { Columns, Compared } from './columns.ts';
import type { DueTable } from './due-table.ts';
import { type Figure, isWithin, minus, Sum, textOf, ZERO } from './figure.ts';
import { merge } from './merge.ts';
import type { Sheet } from './sheet.ts';

export const FILES = ['differences.csv', 'only-left.csv', 'only-right.csv', 'duplicates.csv', 'skipped.csv'] as const;
export type FileName = (typeof FILES)[number];

/** What must be in the files, told row by row, and the value that is due. Throws TooLargeError. */
export function dueResult(left: Sheet, right: Sheet, columns: Columns, files: Readonly<Record<FileName, DueTable>>) {
  const { repeated, partners } = merge(left, right, columns);
  const tallies = columns.compared.map((column) => new Tally(column, left, right));
  const different = differences(left, columns, tallies, partners, files['differences.csv']);
  const keyNames = columns.keys.map(({ names }) => `key:${names[0]}`);
  const alone = {
    left: left.rows.filter((number) => !partners.has(number)),
    right: withoutAll(right.rows, new Set(partners.values())),
  };
  files['only-left.csv'].due(left.record(1));
  for (const number of alone.left) files['only-left.csv'].due(left.record(number));
  files['only-right.csv'].due(right.record(1));
  for (const number of alone.right) files['only-right.csv'].due(right.record(number));
  for (const tally of tallies) tally.alone(alone.left, alone.right);
  files['duplicates.csv'].due([...keyNames, 'left rows', 'right rows']);
  for (const group of repeated) {
    const [sheet, side, number] =
      group.left.length > 0 ? ([left, 0, group.left[0]] as const) : ([right, 1, group.right[0]] as const);
    const key = columns.keys.map(({ places }) => sheet.cell(number ?? 0, places[side]));
    files['duplicates.csv'].due([...key, group.left.join(' '), group.right.join(' ')]);
  }
  files['skipped.csv'].due(['side', 'row', 'fields']);
  for (const number of left.skipped) files['skipped.csv'].due(['left', `${number}`, `${left.width(number)}`]);
  for (const number of right.skipped) files['skipped.csv'].due(['right', `${number}`, `${right.width(number)}`]);
  return {
    status: 'reconciled',
    rows: { left: left.rows.length, right: right.rows.length },
    blank: { left: left.blank, right: right.blank },
    skipped: { left: left.skipped.length, right: right.skipped.length },
    matched: partners.size,
    equal: partners.size - different,
    different,
    differences: tallies.reduce((sum, tally) => sum + tally.different, 0),
    onlyLeft: alone.left.length,
    onlyRight: alone.right.length,
    duplicates: {
      keys: repeated.length,
      left: repeated.reduce((sum, group) => sum + group.left.length, 0),
      right: repeated.reduce((sum, group) => sum + group.right.length, 0),
    },
    columns: tallies.map((tally) => tally.due()),
    formulas: FILES.reduce((sum, name) => sum + files[name].formulas, 0),
  };
}

const withoutAll = (numbers: readonly number[], gone: ReadonlySet<number>): readonly number[] =>
  numbers.filter((number) => !gone.has(number));

/** Tells the differences in the order of the left table; gives how many pairs have some. */
function differences(
  left: Sheet,
  { keys }: Columns,
  tallies: readonly Tally[],
  partners: ReadonlyMap<number, number>,
  file: DueTable,
): number {
  file.due([
    'left row',
    'right row',
    ...keys.map(({ names }) => `key:${names[0]}`),
    'column',
    'left',
    'right',
    'difference',
  ]);
  let pairs = 0;
  for (const number of left.rows) {
    const partner = partners.get(number);
    if (partner === undefined) continue;
    const found = tallies.flatMap((tally) => tally.pair(number, partner) ?? []);
    if (found.length > 0) pairs += 1;
    const key = keys.map(({ places }) => left.cell(number, places[0]));
    for (const { column, cells, by } of found) file.due([`${number}`, `${partner}`, ...key, column, ...cells, by]);
  }
  return pairs;
}

interface Difference {
  readonly column: string;
  readonly cells: readonly [left: string, right: string];
  readonly by: string;
}

/** What one compared column comes to. */
class Tally {
  different = 0;
  readonly #column: Compared;
  readonly #left: Sheet;
  readonly #right: Sheet;
  readonly #differences = new Sum();
  readonly #within = new Sum();
  readonly #only = [new Sum(), new Sum()] as const;

  constructor(column: Compared, left: Sheet, right: Sheet) {
    this.#column = column;
    this.#left = left;
    this.#right = right;
  }

  /** How two records of a pair differ here; null where they do not. */
  pair(left: number, right: number): Difference | null {
    const { places, names, tolerance } = this.#column;
    const same = this.#left.said(left, places[0]) === this.#right.said(right, places[1]);
    let by = '';
    if (tolerance === null) {
      if (same) return null;
    } else {
      const [here, there] = [this.#left.figure(left, places[0]), this.#right.figure(right, places[1])];
      const difference = minus(there ?? ZERO, here ?? ZERO);
      const equal = here !== null && there !== null ? isWithin(difference, tolerance.figure) : same;
      (equal ? this.#within : this.#differences).add(difference);
      if (equal) return null;
      if (here !== null || there !== null) by = textOf(difference);
    }
    this.different += 1;
    return { column: names[0], cells: [this.#left.cell(left, places[0]), this.#right.cell(right, places[1])], by };
  }

  alone(left: readonly number[], right: readonly number[]): void {
    const { places } = this.#column;
    for (const number of left) this.#only[0].add(this.#left.figure(number, places[0]) ?? ZERO);
    for (const number of right) this.#only[1].add(this.#right.figure(number, places[1]) ?? ZERO);
  }

  due() {
    const { names, tolerance } = this.#column;
    return {
      left: clippedName(names[0]),
      right: clippedName(names[1]),
      tolerance: tolerance === null ? null : tolerance.text,
      different: this.different,
      totals: tolerance === null ? null : this.#totals(),
    };
  }

  #totals() {
    const left = whole(this.#left, this.#column.places[0]);
    const right = whole(this.#right, this.#column.places[1]);
    return {
      left: textOf(left.sum),
      right: textOf(right.sum),
      difference: textOf(minus(right.sum, left.sum)),
      onlyLeft: textOf(this.#only[0].total()),
      onlyRight: textOf(this.#only[1].total()),
      differences: textOf(this.#differences.total()),
      withinTolerance: textOf(this.#within.total()),
      notNumbers: { left: left.others, right: right.others },
    };
  }
}

/** All figures of a column of a table together, whatever became of their records; and how many other cells have text. */
function whole(sheet: Sheet, column: number): { readonly sum: Figure; readonly others: number } {
  const sum = new Sum();
  let others = 0;
  for (const number of sheet.rows) {
    const figure = sheet.figure(number, column);
    if (figure !== null) sum.add(figure);
    else if (sheet.said(number, column) !== '') others += 1;
  }
  return { sum: sum.total(), others };
}
