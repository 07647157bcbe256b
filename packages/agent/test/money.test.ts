import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microOf } from '../src/money.ts';

describe('an amount', () => {
  it.each([
    [0.5, 500_000],
    ['0.5', 500_000],
    ['00.50', 500_000],
    [0, 0],
    [1, 1_000_000],
    [0.000001, 1],
    [0.1 + 0.2, 300_000],
    [999_999_999.999999, 999_999_999_999_999],
    ['999999999.999999', 999_999_999_999_999],
  ])('%s is %i micro-credits', (amount, micro) => {
    expect(microOf(amount)).toBe(micro);
  });

  it.each([
    -1,
    '-0.5',
    1e-7,
    0.1234567,
    '0.1234567',
    1e9,
    '1000000000',
    1e21,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '',
    '.5',
    '1.',
    '1e3',
    '1,5',
    ' 1',
    '٣',
  ])('is not %s', (amount) => {
    expect(() => microOf(amount)).toThrow(RangeError);
    expect(() => microOf(amount)).toThrow(
      `${typeof amount === 'number' ? amount : JSON.stringify(amount)} is no amount`,
    );
  });

  it('of so many micro-credits is that many, as text and as number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (micro) => {
        const text = `${Math.floor(micro / 1_000_000)}.${String(micro % 1_000_000).padStart(6, '0')}`;
        expect(microOf(text)).toBe(micro);
        expect(microOf(Number(text))).toBe(micro);
      }),
    );
  });
});
