import { expect, it } from 'vitest';
import { manyNeeds } from './many-needs.ts';
import { runSuite } from './suite.ts';

it('many-needs', async () => {
  const { failures, passed } = await runSuite(manyNeeds, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(3);
});
