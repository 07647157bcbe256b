import { describe, expect, test } from 'vitest';
import { hasFewWays } from '../../src/schema/quick-pattern.ts';

describe('a pattern', () => {
  test.each([
    ['a repeated choice', '^([^]|[^])*(?!)$'],
    ['a repeated choice of classes', '^(\\w|\\w|\\w)*!$'],
    ['a repeated choice between parentheses in classes', '^(?:[)]|[^(])+$'],
    ['a choice that is repeated boundedly', '^(?:.|.){0,40}!$'],
    ['choices in a row', `^${'(?:.|.)'.repeat(30)}!$`],
    ['choices in a repeated row', '^(?:(?:.|.)(?:.|.)(?:.|.)(?:.|.))*!$'],
    ['many parts that may be left out', `^${'a?'.repeat(24)}${'a'.repeat(24)}$`],
    ['a part that may be left out, repeated', '^(?:a?a)+$'],
    ['a named group', '^(?<word>a|a)*$'],
    ['a lookahead', '^(?=(?:a|a)*b)'],
    ['repetition within repetition', '^(?:a+){2,}$'],
    ['many repetitions in a row', `${'.*'.repeat(8)}!`],
    ['nested groups', `${'('.repeat(40)}a${')'.repeat(40)}`],
  ])('with %s has too many ways', (_, pattern) => {
    expect(new RegExp(pattern, 'u')).toBeInstanceOf(RegExp);
    expect(hasFewWays(pattern)).toBe(false);
  });

  test.each([
    ['a name', '^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$'],
    ['an address of mail', '^[^@]+@[^@]+\\.[a-z]{2,}$'],
    ['a number', '^[0-9]{1,34}$|^[0-9]{1,17}[.][0-9]{1,17}$'],
    ['a version', '^\\d+\\.\\d+\\.\\d+(?:-[0-9A-Za-z.-]+)?(?:\\+[0-9A-Za-z.-]+)?$'],
    ['base64', '^(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?$'],
    [
      'an address of IPv4',
      '^(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]\\d|\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]\\d|\\d)$',
    ],
    ['a time', '^\\d{4}-\\d{2}-\\d{2}T(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d+)?)?(?:Z|[+-]\\d{2}:\\d{2})$'],
    ['escapes that look like more', '^\\(\\|\\)\\*[|()*+?{}\\]]\\u{41}\\p{L}+\\[$'],
  ])('of %s has few', (_, pattern) => {
    expect(new RegExp(pattern, 'u')).toBeInstanceOf(RegExp);
    expect(hasFewWays(pattern)).toBe(true);
  });

  test('that passes fails on a text of a hundred characters before long', () => {
    // The most that the bounds let through: any more combinations or loose repetitions are refused.
    const most = `^${'(?:.|.)'.repeat(13)}.*.*!$`;
    expect(hasFewWays(most)).toBe(true);
    expect(hasFewWays(`(?:.|.)${most}`)).toBe(false);
    expect(new RegExp(most, 'u').test('a'.repeat(100))).toBe(false);
  });
});
