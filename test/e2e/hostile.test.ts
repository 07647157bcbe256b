import { expect, it } from 'vitest';
import { hostile } from './hostile/hostile.ts';
import { runSuite } from './suite.ts';

it('hostile', async () => {
  const { failures, passed } = await runSuite(hostile, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(30);
});
