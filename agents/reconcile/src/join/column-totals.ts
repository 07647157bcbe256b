import { shortName } from '@canswarm/csv';
import type { ComparedColumn } from './columns.ts';
import { decimalText, unitsOf } from './decimal.ts';
import type { Side } from './options.ts';

/** What the cells of one pair of columns come to, and how they differ. Cells are given normalised. */
export class ColumnTotals {
  different = 0;
  readonly #column: ComparedColumn;
  readonly #sums = { left: 0n, right: 0n, onlyLeft: 0n, onlyRight: 0n, differences: 0n, withinTolerance: 0n };
  readonly #notNumbers = { left: 0, right: 0 };

  constructor(column: ComparedColumn) {
    this.#column = column;
  }

  /** The difference of two cells of a pair, right minus left; null where neither is a number, `none` where they are equal. */
  addPair(left: string, right: string): bigint | null | 'none' {
    const { tolerance, toleranceUnits } = this.#column;
    if (tolerance === null) {
      if (left === right) return 'none';
      this.different += 1;
      return null;
    }
    const [l, r] = [this.#add('left', left), this.#add('right', right)];
    const difference = (r ?? 0n) - (l ?? 0n);
    const size = difference < 0n ? -difference : difference;
    const equal = l !== null && r !== null ? size <= toleranceUnits : left === right;
    this.#sums[equal ? 'withinTolerance' : 'differences'] += difference;
    if (equal) return 'none';
    this.different += 1;
    return l === null && r === null ? null : difference;
  }

  addAlone(side: Side, cell: string): void {
    if (this.#column.tolerance === null) return;
    this.#sums[side === 'left' ? 'onlyLeft' : 'onlyRight'] += this.#add(side, cell) ?? 0n;
  }

  summary(): Readonly<Record<string, unknown>> {
    const { names, tolerance } = this.#column;
    const sums = { ...this.#sums, difference: this.#sums.right - this.#sums.left };
    const texts = Object.fromEntries(Object.entries(sums).map(([name, units]) => [name, decimalText(units)]));
    return {
      left: shortName(names.left),
      right: shortName(names.right),
      tolerance,
      different: this.different,
      totals: tolerance === null ? null : { ...texts, notNumbers: this.#notNumbers },
    };
  }

  #add(side: Side, cell: string): bigint | null {
    const units = unitsOf(cell);
    if (units === null && cell !== '') this.#notNumbers[side] += 1;
    this.#sums[side] += units ?? 0n;
    return units;
  }
}
