import { expect, it } from 'vitest';
import { runSuite } from '../suite.ts';
import { bundled } from './bundled/bundled.ts';

it('agents', async () => {
  const { failures, passed } = await runSuite(bundled, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(40);
}, 600_000);
