import { expect, it } from 'vitest';
import { plants } from './plants.ts';
import { runSuite } from './suite.ts';

it('plants', async () => {
  const { failures, passed } = await runSuite(plants, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(3);
});
