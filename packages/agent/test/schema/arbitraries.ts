import fc from 'fast-check';
import type { JsonSchema } from '../../src/schema/schema-like.ts';

/** Few names and values, so that schemas and values meet; names of prototypes among them. */
const NAMES = ['a', 'b', 'constructor', '__proto__', 'toString'];
const name = fc.constantFrom(...NAMES);
const word = fc.constantFrom('', 'a', 'é', '😀', 'ab', '\u0000x', 'aaaa');
const small = fc.integer({ min: -3, max: 6 });

/** An object with these entries as its own, whatever their names. */
const own = (entries: readonly (readonly [string, unknown])[]): Record<string, unknown> => Object.fromEntries(entries);

/** JSON values as records hold them: every number is an integer. */
export const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, false),
    small,
    word,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.uniqueArray(fc.tuple(name, tie('value')), { maxLength: 4, selector: ([key]) => key }).map(own),
  ),
})).value;

const number = fc.oneof(
  small,
  fc.double({ min: -4, max: 8, noNaN: true }),
  fc.constantFrom(1e300, -1e300, 2 ** 53, -0.5, 0.1),
);
const count = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(Number.MAX_SAFE_INTEGER));
const type = fc.constantFrom('null', 'boolean', 'integer', 'number', 'string', 'array', 'object');
const choice = fc.oneof(value, fc.constantFrom(0.5, -0, 1.0, { a: 0.5 }));

type Ties = { readonly schema: JsonSchema; readonly sub: unknown };

/** The keywords that the kernel has a word for, and some that it has not. */
const keywords = (sub: fc.Arbitrary<unknown>): Readonly<Record<string, fc.Arbitrary<unknown>>> => ({
  type: fc.oneof({ weight: 4, arbitrary: type }, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
  const: choice,
  enum: fc.array(choice, { maxLength: 4 }),
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  multipleOf: fc.constantFrom(1, 2, 0.5),
  minLength: count,
  maxLength: count,
  pattern: fc.constantFrom('^a', 'b$', '.'),
  minItems: count,
  maxItems: count,
  items: sub,
  prefixItems: fc.array(sub, { minLength: 1, maxLength: 2 }),
  contains: sub,
  required: fc.uniqueArray(name, { maxLength: 2 }),
  minProperties: count,
  properties: fc
    .uniqueArray(fc.tuple(name, sub), { minLength: 1, maxLength: 3, selector: ([key]) => key })
    .map((entries) => own(entries)),
  patternProperties: fc.tuple(fc.constantFrom('^a', 'o'), sub).map((entry) => own([entry])),
  additionalProperties: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, sub),
  propertyNames: sub,
  anyOf: fc.array(sub, { minLength: 1, maxLength: 2 }),
  allOf: fc.array(sub, { minLength: 1, maxLength: 2 }),
  not: sub,
  $ref: fc.constantFrom('#', '#/properties/a', '#/items'),
  title: word,
  'x-ours': value,
});

/** JSON Schemas of one to four keywords at each level, most of them fit to judge by. */
export const schema: fc.Arbitrary<JsonSchema> = fc.letrec<Ties>((tie) => {
  const all = Object.entries(keywords(tie('sub')));
  const one = fc.oneof(...all.map(([keyword, argument]) => argument.map((given) => [keyword, given] as const)));
  return {
    sub: fc.oneof({ maxDepth: 3, depthSize: 'small' }, fc.boolean(), tie('schema')),
    schema: fc.uniqueArray(one, { minLength: 1, maxLength: 4, selector: ([keyword]) => keyword }).map(own),
  };
}).schema;
