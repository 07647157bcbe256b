import { describe, expect, it } from 'vitest';
import { plantAll } from './planted/plant-all.ts';
import { realTables } from './planted/real-tables.ts';
import { PLANTS } from './planted/wrong-results.ts';

const PLANTED = 209;

describe('planted wrong results', () => {
  it('are all found, and no honest result is refused', async () => {
    const inputs = realTables().map(({ input }) => input);
    const { tallies, honest, falseAlarms, missed } = await plantAll(PLANTED, 20_240, inputs);
    expect(falseAlarms).toEqual([]);
    expect(missed).toEqual([]);
    expect(honest).toBeGreaterThan(inputs.length);
    expect(tallies.map(({ kind }) => kind)).toEqual(Object.keys(PLANTS));
    for (const { kind, planted } of tallies) expect(planted, kind).toBeGreaterThan(2);
    expect(tallies.reduce((sum, { planted }) => sum + planted, 0)).toBeGreaterThanOrEqual(PLANTED);
  });
});
