import type { FoundRows } from './found.ts';
import type { Skipped } from './row-set.ts';

/** A file that rows were looked for in, and the table or list that was taken. */
export interface Source {
  readonly file: string;
  readonly kind: FoundRows['kind'];
  readonly path: string | null;
  readonly start: number | null;
  readonly matches: number;
}

/** A table that was extracted, and the folder of the output that holds it. */
export interface TableOut {
  readonly folder: string;
  readonly file: string;
  readonly path: string;
  readonly start: number | null;
  readonly caption: string | null;
  readonly columns: number;
  readonly total: number;
  readonly leftOut: number;
  readonly skippedTotal: number;
}

/** A file that could not be used, or not in whole. */
export interface Unusable {
  readonly file: string;
  readonly reason: 'too_large' | 'not_utf8' | 'too_many_elements' | 'other_columns' | 'table_too_large';
}

/** The output's value. */
export interface Extraction {
  readonly fields: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly total: number;
  readonly leftOut: number;
  readonly skipped: readonly Skipped[];
  readonly skippedTotal: number;
  readonly sources: readonly Source[];
  readonly tables: readonly TableOut[];
  readonly tablesLeftOut: number;
  readonly unusable: readonly Unusable[];
}
