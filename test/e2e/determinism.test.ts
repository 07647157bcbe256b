import { expect, it } from 'vitest';
import { determinism } from './determinism.ts';
import { runSuite } from './suite.ts';

it('determinism', async () => {
  const { failures, passed } = await runSuite(determinism, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(3);
});
