import { expect, it } from 'vitest';
import { restart } from './restart.ts';
import { runSuite } from './suite.ts';

it('restart', async () => {
  const { failures, passed } = await runSuite(restart, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(3);
});
