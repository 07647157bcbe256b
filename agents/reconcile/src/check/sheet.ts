import type { Row, Table } from '@canswarm/csv';
import type { Figure } from './figure.ts';
import { figureOf } from './figure.ts';
import type { Request } from './request.ts';
import { withoutOuterSpace } from './white-space.ts';

/** One of the two tables, with its records by their numbers in the file. */
export class Sheet {
  readonly header: Row;
  /** Numbers of records as wide as the header, in their order. */
  readonly rows: readonly number[];
  readonly blank: number;
  /** Numbers of other records. */
  readonly skipped: readonly number[];
  readonly #records: readonly Row[];
  readonly #request: Request;
  /** What cells say, by column and record: a cell may be compared with many others. */
  readonly #said = new Map<number, Map<number, string>>();

  constructor({ rows }: Table, request: Request) {
    const width = rows[0]?.length ?? 0;
    const numbers = rows.map((_, index) => index + 1).slice(1);
    const isBlank = (number: number): boolean =>
      width > 1 && this.record(number).join(',') === '' && this.width(number) === 1;
    this.#records = rows;
    this.#request = request;
    this.header = (rows[0] ?? []).map(withoutOuterSpace);
    this.rows = numbers.filter((number) => this.width(number) === width);
    this.blank = numbers.filter(isBlank).length;
    this.skipped = numbers.filter((number) => this.width(number) !== width && !isBlank(number));
  }

  record(number: number): Row {
    return this.#records[number - 1] ?? [];
  }

  width(number: number): number {
    return this.record(number).length;
  }

  cell(number: number, column: number): string {
    return this.record(number)[column] ?? '';
  }

  /** A cell as it is compared. */
  said(number: number, column: number): string {
    const ofColumn = this.#said.get(column) ?? new Map<number, string>();
    const said = ofColumn.get(number) ?? this.#compared(number, column);
    this.#said.set(column, ofColumn.set(number, said));
    return said;
  }

  #compared(number: number, column: number): string {
    const cell = this.cell(number, column);
    const bare = this.#request.trim ? withoutOuterSpace(cell) : cell;
    return this.#request.ignoreCase ? Array.from(bare, (one) => one.toUpperCase()).join('') : bare;
  }

  figure(number: number, column: number): Figure | null {
    return figureOf(this.said(number, column));
  }
}
