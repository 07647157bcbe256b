import { expect, it } from 'vitest';
import { runSuite } from '../e2e/suite.ts';
import { fuzz } from './fuzz.ts';

it('fuzz', async () => {
  const { failures, passed } = await runSuite(fuzz, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(8);
});
