import { expect, it } from 'vitest';
import { judgeHonest, measure } from './planted/measure.ts';

it('catches every wrong result that is planted, and calls no right one wrong', async () => {
  const { tallies } = await measure(230, 20_261_128);
  for (const { kind, planted, caught } of tallies) expect([kind, caught]).toEqual([kind, planted]);
  expect(tallies.reduce((sum, { planted }) => sum + planted, 0)).toBeGreaterThanOrEqual(200);
  const { honest, falseAlarms } = await judgeHonest();
  expect(falseAlarms).toEqual([]);
  expect(honest).toBeGreaterThan(6);
});
