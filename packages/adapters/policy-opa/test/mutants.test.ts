import { expect, it } from 'vitest';
import { runMutants } from './mutants/mutants.ts';

it('refuses or denies mutated policies, and never breaks (more of them: npm run mutants)', () => {
  const { ended, faults, worstMs } = runMutants(300, 7);
  expect(faults).toEqual([]);
  expect(worstMs).toBeLessThan(20_000);
  expect(ended['refused: module']).toBeGreaterThan(100);
  expect(Object.keys(ended).some((end) => end.startsWith('allowed') || end.startsWith('denied'))).toBe(true);
});
