import { expect, it } from 'vitest';
import { checkLinearizable, readHistory } from '../../../src/index.ts';
import { FAMILIES, UNDECIDED } from './families.ts';

const LIMITS = { configurations: 400_000, isOver: () => false };
/** Enough to see that one is given up. */
const LITTLE = { configurations: 5_000, isOver: () => false };

it.each(Object.entries(FAMILIES))('hard histories are judged: %s', (name, make) => {
  expect(checkLinearizable(readHistory(make(0)), LIMITS)).toMatchObject({ linearizable: true, givenUp: [] });
  const isLeft = UNDECIDED.has(name);
  const { linearizable } = checkLinearizable(readHistory(make(1)), isLeft ? LITTLE : LIMITS);
  expect(linearizable === null).toBe(isLeft);
});

it('half of them have wrong answers, some of which no order explains', () => {
  const verdicts = [1, 3, 5].map((number) => {
    const history = FAMILIES['key-value, 20 clients']?.(number) ?? '';
    return checkLinearizable(readHistory(history), LIMITS).linearizable;
  });
  expect(verdicts).toContain(false);
});
