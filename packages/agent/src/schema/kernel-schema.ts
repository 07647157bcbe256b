import { type DagMap, type DagValue, parseSchema, type Schema } from '@canswarm/protocol';
import { dagValueOf } from '../bundle/value.ts';
import { isRecord } from '../json.ts';
import type { JsonSchema } from './schema-like.ts';

const DEPTH_MAX = 12;
/** Bytes a code point takes at most: JSON Schema counts those, the kernel bytes. */
const BYTES_PER_CODE_POINT = 4;

/**
 * What of a JSON Schema the kernel can judge by itself (`spec/08-artifacts.md`, schemas): keywords that it has no word for are left
 * out, so a value that violates what this gives violates the schema too, and a `schema_violation` never hits the honest. Values are
 * those of a record: every number in it is an integer.
 */
export function kernelSchema(schema: JsonSchema): Schema {
  const parsed = parseSchema(translate(schema, 1));
  if (parsed === undefined) throw new Error('a translated schema is none');
  return parsed;
}

function translate(schema: unknown, depth: number): DagMap {
  if (!isRecord(schema) || depth > DEPTH_MAX) return {};
  const out: Record<string, DagValue> = {};
  const put = (keyword: string, value: DagValue | undefined): void => {
    if (value !== undefined) out[keyword] = value;
  };
  put('type', typeOf(schema['type']));
  put('const', 'const' in schema ? dagValueOf(schema['const']) : undefined);
  put('enum', choices(schema['enum']));
  put('minimum', bound(schema['minimum'], Math.ceil));
  put('maximum', bound(schema['maximum'], Math.floor));
  put('minLength', bound(schema['minLength'], Math.ceil));
  put(
    'maxLength',
    bound(schema['maxLength'], (most) => Math.floor(most) * BYTES_PER_CODE_POINT),
  );
  put('minItems', bound(schema['minItems'], Math.ceil));
  put('maxItems', bound(schema['maxItems'], Math.floor));
  if (isRecord(schema['items']) && schema['prefixItems'] === undefined)
    put('items', translate(schema['items'], depth + 1));
  const { required, properties } = schema;
  if (Array.isArray(required) && required.every((name) => typeof name === 'string')) put('required', [...required]);
  const named = isRecord(properties) ? properties : {};
  if (isRecord(properties))
    put(
      'properties',
      Object.fromEntries(Object.entries(named).map(([name, one]) => [name, translate(one, depth + 1)])),
    );
  if (schema['additionalProperties'] === false && schema['patternProperties'] === undefined)
    put('additionalProperties', false);
  return out;
}

const TYPES: Readonly<Record<string, string>> = {
  null: 'null',
  boolean: 'boolean',
  integer: 'integer',
  number: 'integer',
  string: 'string',
  array: 'array',
  object: 'object',
};

const typeOf = (type: unknown): string | undefined => (typeof type === 'string' ? TYPES[type] : undefined);

function choices(value: unknown): readonly DagValue[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const all = value.map((choice) => dagValueOf(choice));
  // A choice that no record can hold is one that no record makes.
  const held = all.filter((choice) => choice !== undefined);
  return held.length === 0 ? undefined : held;
}

function bound(value: unknown, round: (value: number) => number): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const whole = round(value);
  return Number.isSafeInteger(whole) ? whole : undefined;
}
