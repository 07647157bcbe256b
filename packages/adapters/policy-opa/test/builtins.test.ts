import { PolicyError } from '@canswarm/ports';
import { describe, expect, it } from 'vitest';
import { builtinOf } from '../src/builtins/builtins.ts';
import { HOST_BUILTINS } from '../src/index.ts';

const run = (name: string, ...values: readonly unknown[]): unknown => builtinOf(name, HOST_BUILTINS).run(values);

describe('builtins of the host', () => {
  it('sprintf formats texts, integers and booleans', () => {
    expect(run('sprintf', '%s has %d of %v, %v %% %v', ['a', 3, 'b', true, -7])).toBe('a has 3 of b, true % -7');
    expect(run('sprintf', '', [])).toBe('');
    expect(run('sprintf', 'ä %s', ['\u{1f600}'])).toBe('ä \u{1f600}');
  });

  it('sprintf is undefined for all else: no engine has to know how another formats it', () => {
    for (const [format, values] of [
      ['%d', ['a']],
      ['%d', [1.5]],
      ['%s', [1]],
      ['%v', [[1]]],
      ['%x', [1]],
      ['%5d', [1]],
      ['%', []],
      ['%s', []],
      ['', ['a']],
      [1, []],
      ['%s', 'a'],
    ] as const) {
      expect(run('sprintf', format, values)).toBeUndefined();
    }
  });

  it('strings.count counts what does not overlap', () => {
    expect(run('strings.count', 'aaaa', 'aa')).toBe(2);
    expect(run('strings.count', 'abc', 'x')).toBe(0);
    expect(run('strings.count', 'a\u{1f600}', '')).toBe(3);
    expect(run('strings.count', 1, 'x')).toBeUndefined();
  });

  it('cost more for more text', () => {
    const { gas } = builtinOf('sprintf', ['sprintf']);
    expect(gas(1000) - gas(0)).toBe(4000);
    expect(gas(0)).toBeGreaterThan(0);
  });

  it('are had only when listed', () => {
    expect(() => builtinOf('sprintf', [])).toThrow(PolicyError);
    expect(() => builtinOf('constructor', ['constructor'])).toThrow(PolicyError);
  });
});
