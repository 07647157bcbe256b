import type { DecimalMark } from './options.ts';

/** Most digits of what is taken for a number; longer ones are identifiers. */
const DIGITS_MAX = 34;
const LONGEST = 64;

/** A way of writing numbers: what may stand between groups of three digits, and the decimal mark. */
export interface Notation {
  readonly decimalMark: DecimalMark;
  readonly pattern: RegExp;
  readonly groups: RegExp | null;
}

function notation(groups: string, decimalMark: DecimalMark): Notation {
  const whole = groups === '' ? '\\d+' : `(?:\\d+|[1-9]\\d{0,2}(?:[${groups}]\\d{3})+)`;
  return {
    decimalMark,
    pattern: new RegExp(`^[+-]?${whole}(?:[${decimalMark}]\\d+)?$`),
    groups: groups === '' ? null : new RegExp(`[${groups}]`, 'g'),
  };
}

const SPACES = ' \u00a0\u2009\u202f';
const APOSTROPHES = "'\u2019";

/** What every program reads. */
export const PLAIN = notation('', '.');
const NOTATIONS: readonly Notation[] = [
  PLAIN,
  notation(',', '.'),
  notation(SPACES, '.'),
  notation(APOSTROPHES, '.'),
  notation('', ','),
  notation('.', ','),
  notation(SPACES, ','),
  notation(APOSTROPHES, ','),
];

const fits = (cell: string, { pattern }: Notation): boolean =>
  cell.length <= LONGEST &&
  pattern.test(cell) &&
  (cell.length <= DIGITS_MAX || cell.replace(/\D/g, '').length <= DIGITS_MAX);

/** The same number as a plain decimal; sign, zeros and places stay. The cell must fit the notation. */
export function plainDecimal(cell: string, { groups, decimalMark }: Notation): string {
  const ungrouped = groups === null ? cell : cell.replace(groups, '');
  return decimalMark === ',' ? ungrouped.replace(',', '.') : ungrouped;
}

export const isPlainDecimal = (cell: string): boolean => fits(cell, PLAIN);

/** Which notations all cells of one column fit. */
export class NotationEvidence {
  #fitting: readonly Notation[];
  #cells = 0;

  constructor(decimalMark: DecimalMark | null) {
    this.#fitting = NOTATIONS.filter((one) => decimalMark === null || one.decimalMark === decimalMark);
  }

  add(cell: string): void {
    if (cell === '') return;
    this.#cells += 1;
    const [first] = this.#fitting;
    if (first === undefined || this.#fitting.every((one) => fits(cell, one))) return;
    this.#fitting = this.#fitting.filter((one) => fits(cell, one));
  }

  /** Plain alone where it fits; else all that fit. None for a column without cells. */
  candidates(): readonly Notation[] {
    if (this.#cells === 0) return [];
    return this.#fitting.includes(PLAIN) ? [PLAIN] : this.#fitting;
  }
}
