import { expect, it } from 'vitest';
import { runSuite } from '../e2e/suite.ts';
import { packages } from './packages.ts';

it('packages', async () => {
  const { failures, passed } = await runSuite(packages, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(25);
});
