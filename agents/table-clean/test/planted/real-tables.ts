import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const NODE_MODULES = join(import.meta.dirname, '../../../../node_modules');

const PATHS = [
  'country-data/data/countries.csv',
  'country-data/data/work-in-progress/calling-codes.csv',
  'countries-list/countries.csv',
  'csv-spectrum/csvs/newlines_crlf.csv',
  'papaparse/tests/verylong-sample.csv',
] as const;

/** Tables that nobody of this project wrote: files of packages that the lockfile pins. */
export const realTables = (): readonly { readonly path: string; readonly bytes: Uint8Array }[] =>
  PATHS.map((path) => ({ path, bytes: new Uint8Array(readFileSync(join(NODE_MODULES, path))) }));
