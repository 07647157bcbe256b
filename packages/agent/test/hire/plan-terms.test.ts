import { describe, expect, it } from 'vitest';
import { planTerms } from '../../src/hire/plan-terms.ts';

const schema = { type: 'object' };
const refusal = (written: unknown): string => {
  try {
    planTerms(written as never, '/work');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('it is taken');
};

describe('a plan in JSON', () => {
  it('names parts by what is offered, or defines them; files are taken from its folder', () => {
    const module = { file: 'check.mts', mode: 'check' };
    const parts = [
      { skill: 'total-half' },
      { skill: 'other', inputSchema: schema, outputSchema: schema, verification: { checks: ['cited'], module } },
    ];
    expect(planTerms({ tasks: 3, parts } as never, '/work')).toEqual({
      tasks: 3,
      parts: [
        { skill: 'total-half' },
        {
          skill: { id: 'other', description: 'other', inputSchema: schema, outputSchema: schema },
          verification: { checks: ['cited'], module: { file: '/work/check.mts', mode: 'check' } },
        },
      ],
    });
  });

  it.each([
    [[], /: an array is given, an object is due/],
    [{ tasks: 3 }, /the field "parts" is missing/],
    [{ tasks: 1, parts: [{ skill: 'a' }] }, /\/tasks: /],
    [{ tasks: 3, parts: [] }, /\/parts: /],
    [{ tasks: 3, parts: [{ skill: 'a' }, { skil: 'b' }] }, /\/parts\/1(\/skil)?: /],
    [{ tasks: 3, parts: [{ skill: 7 }] }, /\/parts\/0\/skill: a number is given, a string is due/],
    [
      { tasks: 3, parts: [{ skill: 'a', inputSchema: schema }] },
      /\/parts\/0: inputSchema and outputSchema go together/,
    ],
    [
      { tasks: 3, parts: [{ skill: 'a', verification: { module: { file: 'x', mode: 'guess' } } }] },
      /\/parts\/0\/verification\/module\/mode: must be one of/,
    ],
  ])('is refused by the field that does not fit: %j', (written, says) => {
    expect(refusal(written)).toMatch(says);
  });
});
