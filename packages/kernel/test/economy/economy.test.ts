import { describe, expect, it } from 'vitest';
import { DISHONEST } from './kinds.ts';
import { economyOf, faultsOf } from './table.ts';

const SLICE_MS = 60_000;

describe('a small economy', () => {
  it('lets four in five capable newcomers earn in their first week, and no dishonest agent', {
    timeout: SLICE_MS,
  }, () => {
    const economy = economyOf({ agents: 80, weeks: 1, seed: 1 });
    expect(faultsOf(economy)).toEqual([]);
    expect(economy.sum).toBe(0);
    expect(economy.rows.filter(({ kind }) => DISHONEST.has(kind)).every(({ owners }) => owners > 0)).toBe(true);
  });
});
