import { ATTRIBUTE_UNITS_MAX, CELL_UNITS_MAX, EACH_UNITS, ROWS_MAX, UNITS_MAX } from '../rules.ts';
import { attributeOf } from './attributes.ts';
import { type Certificate, certificateOf, certificateWithin } from './certificate.ts';
import { type Page, spaced, textOf } from './page.ts';
import type { Field } from './request.ts';
import { typed } from './types.ts';

/** A cell, or a whole row (`field` null), that could not be given as asked. */
export interface Skipped {
  /** Which of the rows that were matched, from 1. */
  readonly match: number;
  readonly field: string | null;
  readonly reason: string;
}

/** Where a row of a set stands, and its cells. */
export interface RowPlace extends Certificate {
  readonly match: number;
  /** Which of the set's sources. */
  readonly source: number;
  readonly cells: readonly (Certificate | null)[];
}

/** What is still to be had of rows: one for all sets of an output. */
export class Budget {
  #rows = 0;
  #units = 0;
  #spent = false;

  /** Whether a row of this size can still be given. Once one cannot, none can. */
  take(units: number, rows: 0 | 1): boolean {
    this.#spent ||= this.#rows + rows > ROWS_MAX || this.#units + units > UNITS_MAX;
    if (this.#spent) return false;
    this.#rows += rows;
    this.#units += units;
    return true;
  }

  get isSpent(): boolean {
    return this.#spent;
  }
}

interface Cell {
  readonly value: string | null;
  readonly place: Certificate | null;
  readonly reason: string | null;
}

/** Rows with the same fields, as they come together. */
export class RowSet {
  readonly rows: (readonly (string | null)[])[] = [];
  readonly places: RowPlace[] = [];
  readonly skipped: Skipped[] = [];
  readonly #budget: Budget;
  matches = 0;
  leftOut = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Reads a row of a page: its element, and what gives the element of each field. */
  add(
    page: Page,
    { row, cellAt }: { readonly row: number; readonly cellAt: (field: number) => number | undefined },
    fields: readonly Field[],
    { source, base }: { readonly source: number; readonly base: string | null },
  ): void {
    this.matches += 1;
    const match = this.matches;
    if (this.#budget.isSpent) {
      this.leftOut += 1;
      return;
    }
    const place = certificateOf(page, row);
    if (place === null) return this.#skip({ match, field: null, reason: 'too_deep' });
    const cells: Cell[] = [];
    const faults: Skipped[] = [];
    for (const [index, field] of fields.entries()) {
      const cell = readCell(page, { row, index: cellAt(index) }, field, base);
      cells.push(cell);
      if (cell.reason === null) continue;
      const fault = { match, field: field.name, reason: cell.reason };
      if (field.required) return this.#skip(fault);
      faults.push(fault);
    }
    const units = cells.reduce(
      (sum, { value, place: at }) => sum + (value?.length ?? 0) + (at?.path.length ?? 0),
      place.path.length + (1 + cells.length + faults.length) * EACH_UNITS,
    );
    if (!this.#budget.take(units, 1)) {
      this.leftOut += 1;
      return;
    }
    this.rows.push(cells.map(({ value }) => value));
    this.places.push({ ...place, match, source, cells: cells.map((cell) => cell.place) });
    this.skipped.push(...faults);
  }

  #skip(fault: Skipped): void {
    if (this.#budget.take(EACH_UNITS, 0)) this.skipped.push(fault);
    else this.leftOut += 1;
  }
}

function readCell(
  page: Page,
  { row, index }: { readonly row: number; readonly index: number | undefined },
  { attribute, type, required }: Field,
  base: string | null,
): Cell {
  const text = index === undefined ? '' : rawOf(page, index, attribute);
  const place = index === undefined ? null : certificateWithin(page, index, row);
  if (text === null) return { value: null, place, reason: 'too_long' };
  if (text === '') return { value: null, place, reason: required ? 'missing' : null };
  if (text.length > CELL_UNITS_MAX) return { value: null, place, reason: 'too_long' };
  if (place === null) return { value: null, place, reason: 'too_deep' };
  const read = typed(text, type, base);
  return 'value' in read ? { value: read.value, place, reason: null } : { value: null, place, reason: read.reason };
}

/** Text or attribute of an element; null when the attribute is too long to be looked at. */
function rawOf(page: Page, index: number, attribute: string | null): string | null {
  if (attribute === null) return textOf(page, index);
  const node = page.elements[index]?.node;
  const value = (node && attributeOf(node, attribute)) ?? '';
  return value.length > ATTRIBUTE_UNITS_MAX ? null : spaced(value);
}
