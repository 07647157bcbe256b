import { expect, test } from 'vitest';
import {
  checkSchema,
  type DagValue,
  encodeAcceptance,
  encodeCbor,
  linkOf,
  parseAcceptance,
  parseSchema,
  schemaFor,
} from '../../src/index.ts';
import { cidOfText } from '../support/samples.ts';

const link = linkOf(cidOfText('x'));
const GAS = 10_000;

function judged(schema: DagValue, value: DagValue, gas = GAS): string {
  const parsed = parseSchema(schema);
  if (parsed === undefined) return 'no schema';
  const verdict = checkSchema(parsed, value, gas);
  if (verdict.ok) return 'fits';
  return 'outOfGas' in verdict ? 'out of gas' : `${verdict.path} ${verdict.reason}`.trim();
}

test('each keyword judges as JSON Schema does, on our values', () => {
  const cases: readonly (readonly [schema: DagValue, value: DagValue, expected: string])[] = [
    [{}, null, 'fits'],
    [{ type: 'null' }, null, 'fits'],
    [{ type: 'boolean' }, true, 'fits'],
    [{ type: 'integer' }, 1, 'fits'],
    [{ type: 'string' }, 's', 'fits'],
    [{ type: 'array' }, [], 'fits'],
    [{ type: 'object' }, {}, 'fits'],
    [{ type: 'link' }, link, 'fits'],
    [{ type: 'bytes' }, new Uint8Array(1), 'fits'],
    [{ type: 'object' }, link, 'is link, not object'],
    [{ type: 'string' }, new Uint8Array(1), 'is bytes, not string'],
    [{ const: { a: [1, link] } }, { a: [1, linkOf(cidOfText('x'))] }, 'fits'],
    [{ const: { a: 1 } }, { a: 2 }, 'is not the constant'],
    [{ const: null }, 0, 'is not the constant'],
    [{ enum: ['a', 2, null] }, null, 'fits'],
    [{ enum: ['a', 2] }, '2', 'is none of the choices'],
    [{ minimum: 2, maximum: 4 }, 4, 'fits'],
    [{ minimum: 2 }, 1, 'is below the minimum'],
    [{ maximum: -2 }, -1, 'is above the maximum'],
    [{ minimum: 2 }, 'x', 'fits'],
    [{ minLength: 2, maxLength: 2 }, 'é', 'fits'],
    [{ maxLength: 1 }, 'é', 'is too long'],
    [{ minLength: 1 }, '', 'is too short'],
    [{ minLength: 3 }, new Uint8Array(2), 'is too short'],
    [{ minItems: 1 }, [], 'has too few items'],
    [{ maxItems: 1 }, [1, 2], 'has too many items'],
    [{ items: { type: 'integer' } }, [1, 'x'], '/1 is string, not integer'],
    [{ required: ['a'] }, { a: null }, 'fits'],
    [{ required: ['a'] }, {}, '/a is lacking'],
    [{ required: ['toString'] }, {}, '/toString is lacking'],
    [{ properties: { a: { type: 'string' } } }, { a: 1 }, '/a is integer, not string'],
    [{ properties: { a: { type: 'string' } } }, { b: 1 }, 'fits'],
    [{ properties: { a: {} }, additionalProperties: false }, { b: 1 }, '/b is not allowed'],
    [{ additionalProperties: false }, { constructor: 1 }, '/constructor is not allowed'],
    [{ additionalProperties: true }, { b: 1 }, 'fits'],
    // the codec's order of keys, which is not that of JavaScript
    [{ additionalProperties: false }, { 10: 1, a: 1 }, '/a is not allowed'],
    [{ items: { properties: { a: { items: { maximum: 1 } } } } }, [{ a: [0, 2] }], '/0/a/1 is above the maximum'],
  ];
  for (const [schema, value, expected] of cases)
    expect([schema, value, judged(schema, value)]).toEqual([schema, value, expected]);
});

test('an unknown keyword, or a known one in the wrong form, makes no schema', () => {
  const nested = (depth: number): DagValue => (depth === 0 ? {} : { items: nested(depth - 1) });
  const wrong: readonly DagValue[] = [
    true,
    [],
    null,
    { $ref: '#' },
    { pattern: 'a' },
    { constructor: {} },
    { type: 'number' },
    { type: ['string'] },
    { enum: [] },
    { enum: 'a' },
    { properties: [] },
    { properties: { a: 1 } },
    { properties: { a: { format: 'date' } } },
    { required: [1] },
    { additionalProperties: {} },
    { items: [{}] },
    { minItems: -1 },
    { maxLength: '1' },
    { minimum: null },
    nested(16),
  ];
  for (const schema of wrong) expect([schema, parseSchema(schema)]).toEqual([schema, undefined]);
  expect(parseSchema(nested(15))).toBeDefined();
});

test('gas is spent on all that is looked at, and running out is no fault', () => {
  const schema = parseSchema({ items: { const: { deep: [1, 2, 3] } } });
  if (schema === undefined) throw new Error('a schema');
  const value: DagValue = Array.from({ length: 20 }, () => ({ deep: [1, 2, 3] }));
  const full = checkSchema(schema, value, GAS);
  if (!full.ok) throw new Error('it fits');
  expect(full.gasUsed).toBeGreaterThan(20 * 10);
  expect(checkSchema(schema, value, full.gasUsed)).toEqual(full);
  expect(checkSchema(schema, value, full.gasUsed - 1)).toEqual({ ok: false, outOfGas: true });
  for (let gas = 0; gas < full.gasUsed; gas += 7)
    expect(checkSchema(schema, value, gas)).toEqual({ ok: false, outOfGas: true });
});

test('an acceptance goes there and back, and names a schema for each output', () => {
  const statement = parseSchema({ type: 'object', required: ['quote'] });
  const report = parseSchema({ type: 'object' });
  if (statement === undefined || report === undefined) throw new Error('schemas');
  const params = { question: 'how?', boundBps: 9000 };
  const acceptance = {
    v: 1,
    tier: 2,
    checker: 'brief/1',
    params,
    schemas: { report, '*': statement },
    example: cidOfText('example'),
  } as const;
  const bytes = encodeAcceptance(acceptance);
  const parsed = parseAcceptance(bytes);
  if (!parsed.ok) throw new Error(parsed.code);
  expect(encodeAcceptance(parsed.acceptance)).toEqual(bytes);
  expect([schemaFor(parsed.acceptance, 'report'), schemaFor(parsed.acceptance, 's/0001')]).toEqual([report, statement]);
  expect(schemaFor(parsed.acceptance, 'constructor')).toEqual(statement);
  expect(schemaFor({ ...acceptance, schemas: {} }, 'constructor')).toBeUndefined();
  const bad = (change: Record<string, DagValue>) => {
    const refused = parseAcceptance(
      encodeCbor({ v: 1, tier: 2, checker: 'c', params: {}, schemas: {}, example: null, ...change }),
    );
    return refused.ok ? 'accepted' : `${refused.code} ${refused.path}`;
  };
  expect(bad({})).toBe('accepted');
  expect(bad({ tier: 7 })).toBe('out_of_range tier');
  expect(bad({ schemas: { '*': { oneOf: [] } } })).toBe('wrong_value schemas.*');
  expect(bad({ params: [] })).toBe('wrong_type params');
  expect(bad({ more: 1 })).toBe('unknown_field more');
  expect(parseAcceptance(new Uint8Array(16_385))).toEqual({ ok: false, code: 'block_too_large', path: '' });
});
