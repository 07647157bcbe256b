import { expect, it } from 'vitest';
import { economy } from './economy.ts';
import { runSuite } from './suite.ts';

it('economy', async () => {
  const { failures, passed } = await runSuite(economy, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(6);
});
