import { expect, it } from 'vitest';
import { runSuite } from './suite.ts';
import { verification } from './verification.ts';

it('verification', async () => {
  const { failures, passed } = await runSuite(verification, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(60);
});
