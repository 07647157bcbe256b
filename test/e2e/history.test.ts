import { expect, it } from 'vitest';
import { history } from './history.ts';
import { runSuite } from './suite.ts';

it('history', async () => {
  const { failures, passed } = await runSuite(history, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(3);
});
