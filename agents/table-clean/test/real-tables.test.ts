import { describe, expect, it } from 'vitest';
import { deskFor, tableInput } from './planted/desk.ts';
import { realTables } from './planted/real-tables.ts';

/** What was counted in these files by other means. */
const DUE: Readonly<Record<string, unknown>> = {
  'country-data/data/countries.csv': { rowsIn: 260, rowsOut: 260, patches: 0, formulas: 25 },
  'country-data/data/work-in-progress/calling-codes.csv': {
    rowsIn: 19,
    rowsOut: 13,
    dropped: { empty: 5, fields: 1, duplicate: 0 },
    changes: { header: 1, fit: 1 },
  },
  'countries-list/countries.csv': { rowsIn: 252, rowsOut: 252, patches: 0 },
  'csv-spectrum/csvs/newlines_crlf.csv': {
    rowsIn: 3,
    changes: { collapse: 1 },
    totals: [
      { column: 2, before: '15', dropped: '0', after: '15' },
      { column: 3, before: '18', dropped: '0', after: '18' },
    ],
  },
  'papaparse/tests/verylong-sample.csv': {
    rowsIn: 2000,
    rowsOut: 4,
    totals: [{ column: 2, before: '125748', dropped: '125496', after: '252' }],
  },
};

describe('tables of others', () => {
  it('leave Namibia its code', async () => {
    const bytes = realTables().find(({ path }) => path === 'countries-list/countries.csv')?.bytes ?? new Uint8Array(0);
    const cleaned = (await (await deskFor(tableInput(bytes))).work()).files.get('cleaned.csv');
    expect(new TextDecoder().decode(cleaned)).toContain('\nNA,Namibia,');
  });

  it.each(realTables())('$path is cleaned, and the check passes it', async ({ path, bytes }) => {
    const desk = await deskFor(tableInput(bytes));
    const result = await desk.work();
    expect(result.value).toMatchObject({ status: 'cleaned', ...Object(DUE[path]) });
    expect(await desk.judge(result)).toEqual({ verdict: 'pass', reasons: [] });
  });
});
