import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Automaton } from '../../src/check-report/automaton.ts';

const TOKENS = 3;
const pattern = fc.array(fc.integer({ min: 1, max: TOKENS }), { minLength: 1, maxLength: 5 });
const text = fc.array(fc.integer({ min: 0, max: TOKENS }), { maxLength: 60 });

/** Every pattern compared at every place. */
function slowly(patterns: readonly (readonly number[])[], tokens: readonly number[]): string[] {
  const distinct = [...new Map(patterns.map((each) => [each.join(), each])).values()];
  return tokens
    .flatMap((_, last) =>
      distinct
        .filter(
          (each) =>
            each.length <= last + 1 && each.every((token, index) => tokens[last - each.length + 1 + index] === token),
        )
        .map((each) => `${each.join()}@${last}`),
    )
    .sort();
}

test('finds what comparing everywhere finds', () => {
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 1, maxLength: 12 }), text, (patterns, tokens) => {
      const automaton = new Automaton(TOKENS);
      const names = new Map(patterns.map((each) => [automaton.add(each), each.join()]));
      automaton.build();
      const found: string[] = [];
      automaton.search(Int32Array.from(tokens), tokens.length, (number, last) =>
        found.push(`${names.get(number)}@${last}`),
      );
      expect(found.sort()).toEqual(slowly(patterns, tokens));
    }),
    { numRuns: 500 },
  );
});
