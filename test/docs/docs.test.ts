import { expect, it } from 'vitest';
import { runSuite } from '../e2e/suite.ts';
import { docs } from './docs.ts';
import { pageAt, pages, TUTORIAL } from './pages.ts';

it.each([pageAt(TUTORIAL), ...pages()])('every block of $path is one that is run', ({ plan }) => {
  expect(plan.problems).toEqual([]);
  expect(plan.steps.some(({ kind }) => kind === 'commands')).toBe(true);
});

it('docs', { timeout: 600_000 }, async () => {
  const { failures, passed } = await runSuite(docs, 'slice');
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(2);
});
