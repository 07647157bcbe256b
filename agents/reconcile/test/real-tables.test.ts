import { describe, expect, it } from 'vitest';
import { deskFor } from './planted/desk.ts';
import { realTables } from './planted/real-tables.ts';

/** What was counted in these files by other means. */
const DUE: Readonly<Record<string, unknown>> = {
  'countries-list 2.6.1 and 3.4.1': {
    rows: { left: 250, right: 252 },
    matched: 250,
    different: 32,
    differences: 35,
    onlyLeft: 0,
    onlyRight: 2,
  },
  'country-data and countries-list': { rows: { left: 260, right: 252 }, matched: 252, onlyLeft: 8, onlyRight: 0 },
  'currencies of country-data by their places': { rows: { left: 178, right: 178 }, matched: 178, equal: 178 },
  'countries with those that are gone': {
    rows: { left: 260, right: 29 },
    matched: 0,
    onlyLeft: 260,
    onlyRight: 29,
    duplicates: { keys: 1, left: 2, right: 0 },
  },
};

describe('tables of others', () => {
  it.each(realTables())('$name are reconciled, and the check passes it', async ({ name, input }) => {
    const desk = await deskFor(input);
    const result = await desk.work();
    expect(result.value).toMatchObject({ status: 'reconciled', ...Object(DUE[name]) });
    expect(await desk.judge(result)).toEqual({ verdict: 'pass', reasons: [] });
  });
});
