import { expect, it } from 'vitest';
import { runSuite } from '../suite.ts';
import { misbehaviour } from './misbehaviour.ts';

it('misbehaviour', async () => {
  const { failures, passed } = await runSuite(misbehaviour, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(15);
});
