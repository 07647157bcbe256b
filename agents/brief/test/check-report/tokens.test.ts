import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutsWord, tokenise } from '../../src/check-report/tokens.ts';

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  tokenise(text, { add: (canonical) => tokens.push(canonical) });
  return tokens;
}

describe('tokens', () => {
  test.each([
    ["don't don’t", ["don't", "don't"]],
    ['“a” «b» ‘c’ "d"', ['"', 'a', '"', '"', 'b', '"', '"', 'c', '"', '"', 'd', '"']],
    ['a—b a – b a--b a -- b', ['a', '-', 'b', 'a', '-', 'b', 'a', '-', 'b', 'a', '-', 'b']],
    ['--force -f x-y', ['-', '-', 'force', '-', 'f', 'x', '-', 'y']],
    ['wait… wait... 1.5', ['wait', '...', 'wait', '...', '1', '.', '5']],
    ['so\u00adft zero\u200bwidth \ufeffmark', ['soft', 'zerowidth', 'mark']],
    ['ﬁnd cafe\u0301', ['find', 'café']],
    ['日本語 x', ['日', '本', '語', 'x']],
    ['a🎉b', ['a', '🎉', 'b']],
    ['snake_case a/b', ['snake_case', 'a', '/', 'b']],
    ['', []],
    [' \r\n\t\u00a0', []],
  ])('%j', (text, tokens) => {
    expect(tokensOf(text)).toEqual(tokens);
  });

  test('tokens are ranges of the text, in order, that do not overlap, and leave out nothing but space and shapeless characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        let rest = '';
        let at = 0;
        tokenise(text, {
          add: (_canonical, start, end) => {
            expect(start).toBeGreaterThanOrEqual(at);
            expect(end).toBeGreaterThan(start);
            rest += text.slice(at, start);
            at = end;
          },
        });
        rest += text.slice(at);
        expect(
          rest.replace(/[\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069]|[\ufe00-\ufe0f]/g, ''),
        ).toBe('');
      }),
      { numRuns: 500 },
    );
  });
});

test.each([
  ['unsafe to', 2, 6, true],
  ["you can't go", 4, 7, true],
  ['non-trivial', 4, 11, true],
  ['well - known', 7, 12, false],
  ['a—b', 2, 3, false],
  ['version 1.5', 10, 11, true],
  ['end. 5', 5, 6, false],
  ['fs.read', 3, 7, false],
  ['--force it', 2, 7, false],
  ['un\u00adsafe', 3, 7, true],
  ['(safe)', 1, 5, false],
  ['safe', 0, 4, false],
])('cutting %j at %d to %d cuts a word: %s', (text, start, end, cuts) => {
  expect(cutsWord(text, start, end)).toBe(cuts);
});
