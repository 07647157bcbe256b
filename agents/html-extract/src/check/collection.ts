import { ATTRIBUTE_UNITS_MAX, EACH_UNITS, ROWS_MAX, UNITS_MAX } from '../rules.ts';
import type { Place, Places } from './place.ts';
import { runOf } from './run-of-text.ts';
import type { Branch } from './tree.ts';
import { valueAs } from './values.ts';

/** A row as it was found: its element, and what gives the element of each field. */
export interface RawRow {
  readonly row: Branch;
  cell(field: number): Branch | undefined;
}

/** How a field is read. */
export interface Reading {
  readonly name: string;
  readonly attribute: string | undefined;
  readonly type: string;
  readonly required: boolean;
}

/** Rows and units that are left for all that is still to come. */
export interface Purse {
  rows: number;
  units: number;
  isShut: boolean;
}

export const fullPurse = (): Purse => ({ rows: ROWS_MAX, units: UNITS_MAX, isShut: false });

/** Pays for something; shuts the purse for good when there is not enough in it. */
function pay(purse: Purse, rows: number, units: number): boolean {
  if (purse.isShut || purse.rows < rows || purse.units < units) {
    purse.isShut = true;
    return false;
  }
  purse.rows -= rows;
  purse.units -= units;
  return true;
}

interface Skip {
  readonly match: number;
  readonly field: string | null;
  readonly reason: string;
}

/** What is due of rows that come together. */
export interface Collection {
  matches: number;
  leftOut: number;
  readonly rows: (string | null)[][];
  readonly skipped: Skip[];
  readonly places: object[];
}

export const emptyCollection = (): Collection => ({ matches: 0, leftOut: 0, rows: [], skipped: [], places: [] });

/** Where rows come from, and what addresses are relative to. */
export interface Origin {
  readonly places: Places;
  readonly source: number;
  readonly base: string | undefined;
}

/** Adds a row to a collection. Gives elements of which the bytes say something else than the parser. */
export function collect(
  into: Collection,
  { row, cell: cellOf }: RawRow,
  readings: readonly Reading[],
  { places, source, base }: Origin,
  purse: Purse,
): readonly Branch[] {
  into.matches += 1;
  const match = into.matches;
  const place = purse.isShut ? null : places.of(row);
  const skip = (field: string | null, reason: string): readonly Branch[] => {
    if (pay(purse, 0, EACH_UNITS)) into.skipped.push({ match, field, reason });
    else into.leftOut += 1;
    return [];
  };
  if (place === null) return skip(null, 'too_deep');
  const values: (string | null)[] = [];
  const where: (Place | null)[] = [];
  const skips: Skip[] = [];
  const seen: Branch[] = [row];
  let units = EACH_UNITS + place.path.length;
  for (const [index, reading] of readings.entries()) {
    const cell = cellOf(index);
    if (cell !== undefined) seen.push(cell);
    const at = cell === undefined ? null : places.within(cell, row);
    const [value, reason] = readCell(cell, at, reading, base);
    if (reason !== null && reading.required) return skip(reading.name, reason);
    if (reason !== null) skips.push({ match, field: reading.name, reason });
    values.push(value);
    where.push(at);
    units += EACH_UNITS * (reason === null ? 1 : 2) + (value?.length ?? 0) + (at?.path.length ?? 0);
  }
  if (!pay(purse, 1, units)) {
    into.leftOut += 1;
    return [];
  }
  into.rows.push(values);
  into.skipped.push(...skips);
  into.places.push({ ...place, match, source, cells: where });
  return seen.filter((branch) => {
    const at = places.of(branch);
    return at !== null && !places.agrees(branch, at);
  });
}

/** Value of a cell, or null and why. */
function readCell(
  cell: Branch | undefined,
  at: Place | null,
  { attribute, type, required }: Reading,
  base: string | undefined,
): readonly [string | null, string | null] {
  const raw = attribute === undefined ? '' : (cell?.attributes.get(attribute) ?? '');
  if (raw.length > ATTRIBUTE_UNITS_MAX) return [null, 'too_long'];
  const run = attribute === undefined ? cell?.text : runOf(raw);
  if (run === undefined || run.body === '') return [null, required ? 'missing' : null];
  if (run.isLong) return [null, 'too_long'];
  if (at === null) return [null, 'too_deep'];
  const value = valueAs(type, run.body, base);
  return value === undefined ? [null, `not_${type}`] : [value, null];
}
