import { describe, expect, it } from 'vitest';
import { useTally } from '../../src/run/use-tally.ts';

describe('what work used', () => {
  it('is nothing where nothing is said', () => {
    expect(useTally().taken()).toEqual({});
  });

  it('is summed up', () => {
    const { used, taken } = useTally();
    used({ model: 'small', tokens: 3 });
    used({ model: 'small', tokens: 4, tool: 'search' });
    used({ egress: { label: 'own', zone: 'eu', bytes: 5 } });
    used({ egress: { label: 'own', zone: 'eu', bytes: 6 } });
    used({ egress: { label: 'own', zone: 'us', bytes: 1 } });
    const egress = [
      { label: 'own', zone: 'eu', bytes: 11 },
      { label: 'own', zone: 'us', bytes: 1 },
    ];
    expect(taken()).toEqual({ use: { tokens: 7, models: ['small'], tools: ['search'], egress } });
  });

  it('has limits', () => {
    const { used } = useTally();
    for (let index = 0; index < 16; index += 1)
      used({ model: `m${index}`, tool: `t${index}`, egress: { label: 'l', zone: `z${index}`, bytes: 1 } });
    const beyond = [
      { model: 'one more' },
      { tool: 'one more' },
      { egress: { label: 'l', zone: 'one more', bytes: 1 } },
      { model: '' },
      { model: 'x'.repeat(65) },
      { egress: { label: 'l', zone: 'z'.repeat(33), bytes: 1 } },
      { tokens: -1 },
      { tokens: 0.5 },
      { tokens: Number.MAX_SAFE_INTEGER + 1 },
    ];
    for (const one of beyond) expect(() => used(one)).toThrow(RangeError);
    used({ model: 'm0', tokens: 1 });
  });
});
