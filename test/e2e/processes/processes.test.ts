import { expect, it } from 'vitest';
import { runSuite } from '../suite.ts';
import { processes } from './processes.ts';

it('processes', async () => {
  const { failures, passed } = await runSuite(processes, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(3);
});
