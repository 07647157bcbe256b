import type { JsonValue } from '@canswarm/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unfitSchema } from '../../src/schema/bounded-schema.ts';
import { judgeBySchema, UnjudgeableError } from '../../src/schema/json-schema.ts';
import type { JsonSchema } from '../../src/schema/schema-like.ts';
import { schema, value } from './arbitraries.ts';

const deep = (levels: number): JsonSchema => (levels === 0 ? {} : { not: deep(levels - 1) });

/** Each definition is applied twice by the one before it. */
const doubling = (levels: number, apply: (ref: object) => object): JsonSchema => ({
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries(
    Array.from({ length: levels }, (_, level) => [`d${level}`, apply({ $ref: `#/$defs/d${level + 1}` })]).concat([
      [`d${levels}`, { type: 'string' }],
    ]),
  ),
});

describe('a schema is unfit to judge by', () => {
  it.each<[string, JsonSchema, string, string]>([
    ['nested too deep', deep(48), '/not'.repeat(48), 'is nested deeper than 48'],
    ['with too many parts', { anyOf: Array(4_096).fill({}) }, '', 'has more than 4096 parts'],
    ['that names another document', { $ref: 'other.json#/a' }, '/$ref', 'names another document'],
    ['that names nothing', { $ref: '#/$defs/a' }, '', '$ref names no schema in it'],
    ['that names what is no schema', { $ref: '#/required', required: ['a'] }, '', '$ref names no schema in it'],
    ['that names a place below an unknown keyword', { $ref: '#/x/a', x: { a: {} } }, '', '$ref names no schema in it'],
    ['with an id', { items: { $id: 'a' } }, '/items/$id', 'is not taken: a schema stands for itself'],
    ['with an id of old', { items: { id: 'a' } }, '/items/id', 'is not taken: older drafts named a schema by it'],
    ['with a dynamic reference', { $dynamicRef: '#a' }, '/$dynamicRef', 'is not taken: a schema stands for itself'],
    ['in a circle', { $ref: '#' }, '', 'refers to itself without looking at another part of the value'],
    [
      'in a wide circle',
      { anyOf: [{ allOf: [{ $ref: '#' }] }] },
      '',
      'refers to itself without looking at another part',
    ],
    ['in a circle through a field', { dependentSchemas: { a: { $ref: '#' } } }, '', 'refers to itself without looking'],
    ['that doubles', doubling(13, (ref) => ({ allOf: [ref, ref] })), '', 'applies more than 10000 subschemas'],
    [
      'that doubles through a field',
      doubling(13, (ref) => ({ dependentSchemas: { a: ref, b: ref } })),
      '',
      'applies more than 10000 subschemas',
    ],
    ['with nested repetition', { pattern: '^(a+)+$' }, '', 'has a pattern that is too long, no pattern, or slow'],
    ['with a long pattern', { pattern: 'a'.repeat(257) }, '', 'has a pattern that is too long'],
    ['with no pattern', { pattern: '(' }, '', 'has a pattern that is too long, no pattern'],
    ['with such a pattern of names', { patternProperties: { '(a*)*': {} } }, '', 'has a pattern that is too long'],
    ['that compares all items', { items: { uniqueItems: true } }, '/items/uniqueItems', 'is not taken'],
    ['with words of old', { dependencies: { a: ['b'] } }, '/dependencies', 'is not taken: say dependentRequired'],
    ['with several schemas of items', { items: [{}] }, '/items', 'has not the form'],
    ['with an unknown type', { type: 'text' }, '/type', 'has not the form'],
    ['with no choice of schemas', { properties: { a: { anyOf: [] } } }, '/properties/a/anyOf', 'has not the form'],
    ['with a negative length', { maxLength: -1 }, '/maxLength', 'has not the form'],
    [
      'with required as in drafts of old',
      { properties: { a: { required: true } } },
      '/properties/a/required',
      'has not',
    ],
    [
      'with a name that is escaped in the path',
      { properties: { 'a/~': { type: 1 } } },
      '/properties/a~1~0/type',
      'has',
    ],
  ])('%s', (_name, given, path, reason) => {
    const fault = unfitSchema(given);
    expect(fault).toMatchObject({ path, reason: expect.stringContaining(reason) });
    expect(judgeBySchema(given)).toEqual({ ok: false, fault });
  });
});

describe('a schema is fit to judge by', () => {
  it.each<[string, JsonSchema, JsonValue, boolean]>([
    ['with definitions', { $ref: '#/$defs/a', $defs: { a: { type: 'null' } } }, null, true],
    ['with definitions of old', { $ref: '#/definitions/a', definitions: { a: false } }, null, false],
    ['with names that are escaped', { $ref: '#/$defs/a~1%C3%A9', $defs: { 'a/é': { type: 'null' } } }, 1, false],
    ['that speaks of its own parts', { type: 'array', items: { $ref: '#' } }, [[], [[]]], true],
    ['that speaks of its own parts, and they do not fit', { type: 'array', items: { $ref: '#' } }, [[], [1]], false],
    ['with examples that have an id', { examples: [{ id: 'a' }], title: 'x' }, 1, true],
    ['with keywords nobody knows', { 'x-ours': { type: 7 } }, 1, true],
    ['that doubles within bounds', doubling(11, (ref) => ({ allOf: [ref, ref] })), 1, false],
    ['with a usual pattern', { pattern: '^[^@]+@[^@]+\\.[a-z]{2,}$' }, 'a@b.org', true],
    [
      'with a property that is named like a keyword',
      { properties: { required: { type: 'null' } } },
      { required: 1 },
      false,
    ],
  ])('%s', (_name, given, judged, fits) => {
    const made = judgeBySchema(given);
    if (!made.ok) throw new Error(made.fault.reason);
    expect(made.judge(judged).length === 0).toBe(fits);
  });

  it('and stays as it was', () => {
    const given = Object.freeze({
      properties: Object.freeze({ a: Object.freeze({ $ref: '#/properties/b' }), b: true }),
    });
    const made = judgeBySchema(given);
    expect(made.ok && made.judge({ a: 1 })).toEqual([]);
    expect(Object.getOwnPropertyNames(given.properties.a)).toEqual(['$ref']);
  });
});

describe('a value', () => {
  it('that does not fit is told where and why, innermost first, in eight faults at most', () => {
    const made = judgeBySchema({ properties: { list: { items: { type: 'string' } } } });
    expect(made.ok && made.judge({ list: ['a', 1] })).toEqual([
      { path: '/list/1', reason: 'Instance type "number" is invalid. Expected "string".' },
      { path: '/list', reason: 'Items did not match schema.' },
      { path: '', reason: 'Property "list" does not match schema.' },
    ]);
    const many = judgeBySchema({ additionalProperties: false });
    expect(many.ok && many.judge(Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`k${i}`, i])))).toHaveLength(
      8,
    );
  });

  it('for which the schema would go on for ever is given up, after the same steps everywhere', () => {
    // Each list is looked at twice for each time that the list around it is: 2^60 times in all.
    const made = judgeBySchema({ items: { $ref: '#' }, contains: { $ref: '#' } });
    const nested = JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`);
    if (!made.ok) throw new Error(made.fault.reason);
    expect(() => made.judge(nested)).toThrow(
      new UnjudgeableError('the schema needs more than 5000000 steps for this value'),
    );
    expect(made.judge([[], [[]]]).length).toBeGreaterThan(0);
  }, 120_000);

  it('with more faults than there is room for is given up', () => {
    const made = judgeBySchema({ properties: { all: { additionalProperties: { type: 'string' } } } });
    const all = Object.fromEntries(Array.from({ length: 400_000 }, (_, i) => [`k${i}`, i]));
    if (!made.ok) throw new Error(made.fault.reason);
    expect(() => made.judge({ all })).toThrow(UnjudgeableError);
  }, 60_000);

  it('and a schema, whichever, end in a verdict', () => {
    let fit = 0;
    fc.assert(
      fc.property(schema, value, (given, judged) => {
        const made = judgeBySchema(given);
        if (made.ok) fit += 1;
        const faults = made.ok ? made.judge(judged as JsonValue) : [made.fault];
        expect(faults.every(({ reason }) => reason !== '')).toBe(true);
        expect(faults.length).toBeLessThanOrEqual(8);
      }),
      { numRuns: 2_000 },
    );
    expect(fit).toBeGreaterThan(1_000);
  });
});
