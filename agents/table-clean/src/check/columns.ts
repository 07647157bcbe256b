import { columnOrder, daysOf } from './day.ts';
import { columnNotation, type Exact, type Notation, PLAIN, readIn } from './figure.ts';
import type { Request } from './request.ts';
import { withoutOuterSpace, withSingleSpaces } from './white-space.ts';

export type StepRule = 'trim' | 'collapse' | 'empty' | 'date' | 'number';

/** One change that a cell must have gone through. */
export interface Step {
  readonly rule: StepRule;
  readonly before: string;
  readonly after: string;
}

/** A cell with its white space in order, as far as that was asked for. */
export function spaced(cell: string, request: Request): string {
  const bare = request.asks('trim') ? withoutOuterSpace(cell) : cell;
  return request.asks('collapse') ? withSingleSpaces(bare) : bare;
}

/** A cell, or nothing where it stands for nothing. */
export function filled(cell: string, request: Request, markers: readonly string[]): string {
  const value = spaced(cell, request);
  return request.asks('empty') && markers.includes(value) ? '' : value;
}

/** A column by itself: what its cells must become, and what its numbers come to. */
export class Column {
  /** Cells of the rows that count, in their order, when all rules were applied. */
  readonly cells: readonly string[];
  readonly kind: 'number' | 'date' | 'text' | 'empty';
  readonly unclear: number;
  readonly #request: Request;
  /** Null: the cells of this column are kept as they are. */
  readonly #markers: readonly string[] | null;
  readonly #order: 'dayFirst' | 'monthFirst' | null;
  readonly #notation: Notation | null;

  constructor(source: readonly string[], markers: readonly string[] | null, request: Request) {
    this.#request = request;
    this.#markers = markers;
    const kept = markers === null;
    const bare = source.map((cell) => this.#bare(cell));
    const { order, unclear } = columnOrder(bare);
    this.#order = order;
    const dated = kept || !request.asks('date') ? bare : bare.map((cell) => this.#day(cell));
    const numbers = columnNotation(dated, request.decimalMark);
    this.#notation = numbers.notation;
    this.unclear = unclear + numbers.unclear + bare.filter((cell) => this.#isCode(cell)).length;
    this.kind = kindOf(dated, numbers.notation);
    this.cells = kept || !request.asks('number') ? dated : dated.map((cell) => this.#plain(cell));
  }

  isNumber(): boolean {
    return this.#notation !== null;
  }

  /** The number of a cell of the source; null for an empty one. */
  before(cell: string): Exact | null {
    if (this.#notation === null) return null;
    return readIn(this.#bare(cell), this.#notation);
  }

  /** The number of a cell of the cleaned table. */
  after(cell: string): Exact | null {
    if (this.#notation === null) return null;
    return readIn(cell, this.#markers === null || !this.#request.asks('number') ? this.#notation : PLAIN);
  }

  /** How a cell of the source becomes that of the cleaned table. */
  steps(cell: string): readonly Step[] {
    const markers = this.#markers;
    if (markers === null) return [];
    const steps: Step[] = [];
    let value = cell;
    const step = (rule: StepRule, after: string): void => {
      if (!this.#request.asks(rule) || after === value) return;
      steps.push({ rule, before: value, after });
      value = after;
    };
    step('trim', withoutOuterSpace(value));
    step('collapse', withSingleSpaces(value));
    step('empty', markers.includes(value) ? '' : value);
    step('date', this.#day(value));
    step('number', this.#plain(value));
    return steps;
  }

  #bare(cell: string): string {
    return this.#markers === null ? cell : filled(cell, this.#request, this.#markers);
  }

  /** A marker elsewhere, and a code in this column. */
  #isCode(cell: string): boolean {
    const { markers } = this.#request;
    if (this.#markers === null || this.#markers.length === markers.length || !this.#request.asks('empty')) return false;
    return markers.includes(cell);
  }

  #day(cell: string): string {
    const days = daysOf(cell);
    return days.certain ?? (this.#order === null ? null : days[this.#order]) ?? cell;
  }

  #plain(cell: string): string {
    return this.#notation === null ? cell : (readIn(cell, this.#notation)?.plain ?? cell);
  }
}

function kindOf(cells: readonly string[], notation: Notation | null): Column['kind'] {
  const some = cells.filter((cell) => cell !== '');
  if (some.length === 0) return 'empty';
  if (notation !== null) return 'number';
  return some.every((cell) => daysOf(cell).certain === cell) ? 'date' : 'text';
}
