import type { JsonValue } from '@canswarm/ports';
import { checkSchema, encodeCbor } from '@canswarm/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueSchema } from '../../src/acceptance/agent-acceptance.ts';
import { recordOf } from '../../src/bundle/value.ts';
import { judgeBySchema } from '../../src/schema/json-schema.ts';
import { kernelSchema } from '../../src/schema/kernel-schema.ts';
import type { JsonSchema } from '../../src/schema/schema-like.ts';
import { schema, value } from './arbitraries.ts';

const GAS = 1_000_000;

describe('the kernel’s part of a schema', () => {
  it.each<[string, JsonSchema, object]>([
    ['number is integer, as every number in a record', { type: 'number' }, { type: 'integer' }],
    ['several types are left out', { type: ['string', 'null'] }, {}],
    ['bounds become whole, inwards', { minimum: 0.5, maximum: 2.5 }, { minimum: 1, maximum: 2 }],
    ['bounds beyond integers are left out', { minimum: -1e300, maximum: 1e300 }, {}],
    ['a code point takes one to four bytes', { minLength: 3, maxLength: 3 }, { minLength: 3, maxLength: 12 }],
    ['a length that is none is left out', { minLength: -1, maxItems: 1.5 }, {}],
    ['a choice that no record holds is one that none makes', { enum: [1, 0.5] }, { enum: [1] }],
    ['a constant that no record holds is left out', { const: 0.5 }, {}],
    ['no choice at all is left out', { enum: [] }, {}],
    ['items after a prefix are left out', { prefixItems: [true], items: { type: 'null' } }, {}],
    ['what patterns may allow stays open', { patternProperties: { '^x': true }, additionalProperties: false }, {}],
    ['names of prototypes are names', { required: ['constructor'] }, { required: ['constructor'] }],
    ['a type of another world is left out', { type: 'constructor' }, {}],
    ['what it has no word for is left out', { anyOf: [true], format: 'email', $ref: '#' }, {}],
    [
      'the rest is as it was',
      {
        type: 'object',
        properties: { a: { const: 1, title: 'one' }, b: true },
        required: ['a'],
        additionalProperties: false,
      },
      { type: 'object', properties: { a: { const: 1 }, b: {} }, required: ['a'], additionalProperties: false },
    ],
  ])('%s', (_name, given, due) => {
    expect(kernelSchema(given)).toEqual(due);
  });

  it('is translated twelve levels deep', () => {
    const deep = (levels: number): JsonSchema => (levels === 0 ? { type: 'null' } : { items: deep(levels - 1) });
    const depthOf = (of: unknown): number =>
      typeof of === 'object' && of !== null && 'items' in of ? 1 + depthOf(of.items) : 0;
    expect(depthOf(kernelSchema(deep(11)))).toBe(11);
    expect(depthOf(kernelSchema(deep(40)))).toBe(12);
  });

  it('is as deep as fits its place in the acceptance', () => {
    const wide = { enum: Array.from({ length: 600 }, (_, index) => `choice number ${index}`) };
    const translated = kernelSchema({ type: 'object', properties: { a: wide }, required: ['a'] });
    expect(translated).toEqual({ type: 'object', properties: { a: {} }, required: ['a'] });
    expect(kernelSchema(wide)).toEqual({});
    expect(encodeCbor(kernelSchema({ enum: wide.enum.slice(0, 300) })).length).toBeGreaterThan(5_000);
  });

  it('leaves out constants that nest deep, and with them the choice among them', () => {
    const deep = JSON.parse(`${'['.repeat(9)}${']'.repeat(9)}`);
    expect(kernelSchema({ const: deep, enum: [deep, 1] })).toEqual({});
  });

  /** Whether the kernel refuses a value that the schema takes: never, or the honest are slashed. */
  function isUnsound(given: JsonSchema, held: JsonValue): boolean {
    const judged = judgeBySchema(given);
    const record = recordOf(held);
    if (!judged.ok || record === undefined) return false;
    const kernel = checkSchema(valueSchema(given), record, GAS);
    return !kernel.ok && !('outOfGas' in kernel) && judged.judge(held).length === 0;
  }

  it('never refuses a value that the schema takes', () => {
    let [refused, taken] = [0, 0];
    fc.assert(
      fc.property(schema, value, (given, held) => {
        expect(isUnsound(given, held as JsonValue)).toBe(false);
        if (!judgeBySchema(given).ok) return;
        if (checkSchema(valueSchema(given), recordOf(held as JsonValue) ?? {}, GAS).ok) taken += 1;
        else refused += 1;
      }),
      { numRuns: 5_000 },
    );
    // The property says something only where both answers occur.
    expect(Math.min(refused, taken)).toBeGreaterThan(500);
  });

  it('is found unsound by this very test where it is stricter', () => {
    const held = { a: 1 };
    const given = { properties: { a: true } };
    expect(isUnsound(given, held)).toBe(false);
    const stricter = checkSchema(valueSchema({ ...given, required: ['b'] }), recordOf(held) ?? {}, GAS);
    const judged = judgeBySchema(given);
    expect(!stricter.ok && judged.ok && judged.judge(held).length === 0).toBe(true);
  });
});
