import { expect, it } from 'vitest';
import { runSuite } from '../e2e/suite.ts';
import { insiders } from './insiders.ts';

it('insiders', async () => {
  const { failures, passed } = await runSuite(insiders, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBe(3);
});
