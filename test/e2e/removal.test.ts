import { expect, it } from 'vitest';
import { removal } from './removal.ts';
import { runSuite } from './suite.ts';

it('removal', async () => {
  const { failures, passed } = await runSuite(removal, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(3);
});
