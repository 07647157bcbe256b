import { expect, it } from 'vitest';
import { runSuite } from '../suite.ts';
import { attach } from './attach.ts';

it('attach', async () => {
  const { failures, passed } = await runSuite(attach, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(8);
});
