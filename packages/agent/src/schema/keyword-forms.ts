import { isRecord } from '../json.ts';
import type { JsonSchema } from './schema-like.ts';

const TYPES: readonly unknown[] = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isSchema = (value: unknown): boolean => typeof value === 'boolean' || isRecord(value);
const isSchemas = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isSchema);
const isMapOf =
  (fits: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    isRecord(value) && Object.values(value).every(fits);
const isType = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 && value.every((one) => TYPES.includes(one)) : TYPES.includes(value);

/** The form that JSON Schema 2020-12 gives the value of a keyword. A keyword that is not here is none, and says nothing. */
const FORMS = new Map<string, (value: unknown) => boolean>([
  ['type', isType],
  ['enum', Array.isArray],
  ['required', isTexts],
  ['dependentRequired', isMapOf(isTexts)],
  ['pattern', isText],
  ['format', isText],
  ['$ref', isText],
  ['multipleOf', (value) => isNumber(value) && Number(value) > 0],
  ['uniqueItems', (value) => typeof value === 'boolean'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map((name) => [name, isNumber] as const),
  ...['minLength', 'maxLength', 'minItems', 'maxItems'].map((name) => [name, isCount] as const),
  ...['minProperties', 'maxProperties', 'minContains', 'maxContains'].map((name) => [name, isCount] as const),
]);

/** Keywords whose value is a schema, a list of schemas, or a map of schemas. */
const ONES = [
  ...['items', 'contains', 'unevaluatedItems', 'additionalProperties', 'unevaluatedProperties', 'propertyNames'],
  ...['not', 'if', 'then', 'else'],
];
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const MAPS = ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'];
for (const name of ONES) FORMS.set(name, isSchema);
for (const name of LISTS) FORMS.set(name, isSchemas);
for (const name of MAPS) FORMS.set(name, isMapOf(isSchema));

/** The first keyword of a schema whose value has not the form it must have. Looks at this schema alone. */
export function malformedKeyword(schema: JsonSchema): string | undefined {
  return Object.keys(schema).find((keyword) => FORMS.get(keyword)?.(schema[keyword]) === false);
}

/** The schemas right below a schema, each with its place as a JSON Pointer from here. The schema has no malformed keyword. */
export function* schemasBelow(schema: JsonSchema): Generator<readonly [place: string, schema: JsonSchema | boolean]> {
  for (const [keyword, value] of Object.entries(schema)) {
    if (ONES.includes(keyword)) yield [`/${keyword}`, value as JsonSchema | boolean];
    if (!(LISTS.includes(keyword) || MAPS.includes(keyword))) continue;
    for (const [key, below] of Object.entries(Object(value)))
      yield [`/${keyword}/${pointerToken(key)}`, below as JsonSchema | boolean];
  }
}

const pointerToken = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
