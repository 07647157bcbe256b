import { type Row, shortName } from '@canswarm/csv';
import type { ColumnReading } from './cell-rules.ts';
import { DayOrderEvidence, isoDate } from './dates.ts';
import { CodeEvidence } from './markers.ts';
import { NotationEvidence, plainDecimal } from './numbers.ts';
import type { CleanOptions } from './options.ts';

export interface ColumnSummary {
  readonly name: string;
  readonly kind: 'number' | 'date' | 'text' | 'empty';
  /** Cells that could mean more than one thing and were left as they are. */
  readonly unclear: number;
}

/** For each column the markers that say that there is nothing. */
export function columnMarkers(
  width: number,
  rows: readonly Row[],
  { markers }: CleanOptions,
): readonly ReadonlySet<string>[] {
  const evidence = Array.from({ length: width }, () => new CodeEvidence(markers));
  for (const row of rows) for (const [index, one] of evidence.entries()) one.add(row[index] ?? '');
  return evidence.map((one) => one.markers());
}

/** For each column in which order its dates have day and month, where it shows that. */
export function dayOrders(width: number, rows: readonly Row[]): readonly DayOrderEvidence[] {
  const evidence = Array.from({ length: width }, () => new DayOrderEvidence());
  for (const row of rows) for (const [index, one] of evidence.entries()) one.add(row[index] ?? '');
  return evidence;
}

/** What a column's numbers are written in, and how many of its cells could be read in two ways. */
export interface NumberReading {
  readonly notation: ColumnReading['notation'];
  readonly unclear: number;
}

/** A notation is known where all cells of the column fit it, and no other that they fit says another number. */
export function numberReadings(width: number, rows: readonly Row[], options: CleanOptions): readonly NumberReading[] {
  const evidence = Array.from({ length: width }, () => new NotationEvidence(options.decimalMark));
  for (const row of rows) for (const [index, one] of evidence.entries()) one.add(row[index] ?? '');
  const candidates = evidence.map((one) => one.candidates());
  const unclear = candidates.map(() => 0);
  const open = candidates.flatMap((some, index) => (some.length > 1 ? [index] : []));
  for (const row of open.length > 0 ? rows : []) {
    for (const index of open) {
      const cell = row[index] ?? '';
      const numbers = new Set(candidates[index]?.map((one) => plainDecimal(cell, one)));
      if (numbers.size > 1) unclear[index] = (unclear[index] ?? 0) + 1;
    }
  }
  return candidates.map(([first], index) => {
    const ambiguous = unclear[index] ?? 0;
    return { notation: ambiguous > 0 ? null : (first ?? null), unclear: ambiguous };
  });
}

/** How many cells of each column are markers elsewhere. */
export function codesLikeMarkers(
  readings: readonly ColumnReading[],
  rows: readonly Row[],
  { markers }: CleanOptions,
): readonly number[] {
  const counts = readings.map(() => 0);
  const open = readings.flatMap((reading, index) => (reading.markers.size < markers.size ? [index] : []));
  for (const row of open.length > 0 ? rows : [])
    for (const index of open) if (markers.has(row[index] ?? '')) counts[index] = (counts[index] ?? 0) + 1;
  return counts;
}

/** Kinds of columns by their cells after all rules but `number`. */
export function columnKinds(
  names: readonly string[],
  rows: readonly Row[],
  numbers: readonly NumberReading[],
  unclear: readonly number[],
): readonly ColumnSummary[] {
  const filled = names.map(() => false);
  const dated = names.map(() => true);
  for (const row of rows) {
    for (let index = 0; index < names.length; index++) {
      const cell = row[index] ?? '';
      if (cell === '') continue;
      filled[index] = true;
      if (dated[index] === true) dated[index] = isoDate(cell, null) === cell;
    }
  }
  return names.map((name, index) => {
    const number = numbers[index];
    const named = { name: shortName(name), unclear: (unclear[index] ?? 0) + (number?.unclear ?? 0) };
    if (filled[index] !== true) return { ...named, kind: 'empty' };
    if ((number?.notation ?? null) !== null) return { ...named, kind: 'number' };
    return { ...named, kind: dated[index] === true ? 'date' : 'text' };
  });
}
