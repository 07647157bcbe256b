import { describe, expect, it } from 'vitest';
import { toldFaults } from '../../src/hire/told-faults.ts';
import { judgeBySchema } from '../../src/schema/json-schema.ts';

const judged = judgeBySchema({
  type: 'object',
  required: ['keys'],
  additionalProperties: false,
  properties: {
    keys: { type: 'array', items: { type: 'string' } },
    mode: { enum: ['one', 'two'] },
    kind: { const: 'table' },
    rows: { type: ['integer', 'null'], minimum: 1 },
    either: { anyOf: [{ type: 'string' }, { type: 'number' }] },
  },
});

describe('an input that does not fit is told in plain words', () => {
  it.each([
    [[], 'an array is given, an object is due'],
    ['text', 'a string is given, an object is due'],
    [{}, 'the field "keys" is missing'],
    [{ keys: 'id' }, '/keys: a string is given, an array is due'],
    [{ keys: [7] }, '/keys/0: a number is given, a string is due'],
    [{ keys: [], more: 1 }, '/more: is no field that it has'],
    [{ keys: [], mode: 'six' }, '/mode: must be one of "one", "two"'],
    [{ keys: [], kind: 'page' }, '/kind: must be "table"'],
    [{ keys: [], rows: 'x' }, '/rows: a string is given, an integer or null is due'],
    [{ keys: [], rows: 0 }, '/rows: 0 is less than 1.'],
  ])('%j', (value, told) => {
    if (!judged.ok) throw new Error('it is a schema');
    expect(toldFaults(judged.judge(value))).toBe(told);
  });

  it('names what no rule of its own says, without the words of a library', () => {
    if (!judged.ok) throw new Error('it is a schema');
    expect(toldFaults(judged.judge({ keys: [], either: true }))).toMatch(/^\/either: .*is due/);
    expect(toldFaults([{ path: '', reason: 'Property "a" does not match schema.' }])).toContain('"a"');
  });
});
