import { expect, it } from 'vitest';
import { runSuite } from '../e2e/suite.ts';
import { tutorial } from './tutorial.ts';

it('tutorial', { timeout: 600_000 }, async () => {
  const { failures, passed } = await runSuite(tutorial, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBe(6);
});
