import { expect, it } from 'vitest';
import { runSuite } from '../../e2e/suite.ts';
import { fuzzApi } from './fuzz-api.ts';

it('fuzz of the HTTP API', async () => {
  const { failures, passed } = await runSuite(fuzzApi, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(7);
});
