import { type DayOrder, isoDate } from './dates.ts';
import { type Notation, plainDecimal } from './numbers.ts';
import type { CellRule } from './options.ts';

/** What is known of a column beyond its single cells. */
export interface ColumnReading {
  /** Cells that say that there is nothing. */
  readonly markers: ReadonlySet<string>;
  readonly order: DayOrder;
  /** Null: its cells are not all numbers, or numbers that could be read in two ways. */
  readonly notation: Notation | null;
}

/** One change of one cell. */
export type OnStep = (rule: CellRule, before: string, after: string) => void;

/** A cell after these rules, each applied to what the one before it gave. */
export function applyRules(cell: string, rules: readonly CellRule[], column: ColumnReading, onStep?: OnStep): string {
  let value = cell;
  for (const rule of rules) {
    const after = applied(rule, value, column);
    if (after === value) continue;
    onStep?.(rule, value, after);
    value = after;
  }
  return value;
}

function applied(rule: CellRule, value: string, { markers, order, notation }: ColumnReading): string {
  switch (rule) {
    case 'trim':
      return value.trim();
    case 'collapse':
      return value.replace(/(\S)\s+(?=\S)/g, '$1 ');
    case 'empty':
      return markers.has(value) ? '' : value;
    case 'date':
      return isoDate(value, order) ?? value;
    case 'number':
      return notation === null || value === '' ? value : plainDecimal(value, notation);
  }
}
