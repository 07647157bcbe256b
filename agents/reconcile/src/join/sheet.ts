import type { Row, Table } from '@canswarm/csv';

/** A record with its number in the file, from 1: the header. */
export interface Entry {
  readonly row: number;
  readonly cells: Row;
}

/** A table as it is reconciled. */
export interface Sheet {
  readonly header: Row;
  /** Records as wide as the header. */
  readonly entries: readonly Entry[];
  /** Empty lines of a table of several columns. */
  readonly blank: number;
  /** Other records, which are set aside. */
  readonly skipped: readonly Entry[];
}

export function sheetOf({ rows }: Table): Sheet {
  const [header = [], ...others] = rows;
  const entries: Entry[] = [];
  const skipped: Entry[] = [];
  let blank = 0;
  for (const [index, cells] of others.entries()) {
    const entry = { row: index + 2, cells };
    if (cells.length === header.length) entries.push(entry);
    else if (cells.length === 1 && cells[0] === '') blank += 1;
    else skipped.push(entry);
  }
  return { header, entries, blank, skipped };
}
