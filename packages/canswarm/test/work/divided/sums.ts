/** A column of numbers as CSV text, without a head. */
export interface Column {
  readonly csv: string;
}
export interface Sum {
  readonly rows: number;
  readonly sum: number;
}
export type PartSum = Sum & { readonly part: number };

/** Numbers of one of the halves of a column, or of all of it. */
export function rowsOf({ csv }: Column, part: number | null): readonly number[] {
  const rows = csv.trim().split('\n').map(Number);
  const half = Math.ceil(rows.length / 2);
  if (part === null) return rows;
  return part === 0 ? rows.slice(0, half) : rows.slice(half);
}

export const sumOf = (rows: readonly number[]): Sum => ({
  rows: rows.length,
  sum: rows.reduce((sum, row) => sum + row, 0),
});
