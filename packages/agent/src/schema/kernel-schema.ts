import { type DagMap, type DagValue, encodeCbor, parseSchema, type Schema } from '@canswarm/protocol';
import { dagValueOf, depthOf } from '../bundle/value.ts';
import { isRecord } from '../json.ts';
import type { JsonSchema } from './schema-like.ts';

/** Deepest nesting of schemas that is translated. */
const DEPTH_MAX = 12;
/** Most bytes of it: it lies in the acceptance record, which is one block and holds the rest of the terms too. */
const BYTES_MAX = 8_192;
/** Deepest nesting of a constant: deeper ones are left out, since no record nests much deeper. */
const CONSTANT_DEPTH_MAX = 8;
/** Bytes a code point takes at most: JSON Schema counts those, the kernel bytes. */
const BYTES_PER_CODE_POINT = 4;

/**
 * What of a JSON Schema the kernel can judge by itself (`spec/08-artifacts.md`, schemas): keywords that it has no word for are left
 * out, so a value that violates what this gives violates the schema too, and a `schema_violation` never hits the honest. Values are
 * those of a record: every number in it is an integer. Translated as deep as fits `BYTES_MAX`; the same schema gives the same.
 */
export function kernelSchema(schema: JsonSchema): Schema {
  for (let depth = DEPTH_MAX; depth >= 0; depth -= 1) {
    const translated = translate(schema, depth);
    if (encodeCbor(translated).length > BYTES_MAX) continue;
    const parsed = parseSchema(translated);
    if (parsed !== undefined) return parsed;
  }
  throw new Error('a translated schema is none');
}

/** `depth`: how many levels of schemas are left to translate. */
function translate(schema: unknown, depth: number): DagMap {
  if (!isRecord(schema) || depth === 0) return {};
  const out: Record<string, DagValue> = {};
  const put = (keyword: string, value: DagValue | undefined): void => {
    if (value !== undefined) out[keyword] = value;
  };
  put('type', typeOf(schema['type']));
  put('const', Object.hasOwn(schema, 'const') ? constant(schema['const']) : undefined);
  put('enum', choices(schema['enum']));
  put('minimum', bound(schema['minimum'], Math.ceil));
  put('maximum', bound(schema['maximum'], Math.floor));
  put('minLength', count(schema['minLength'], 1));
  put('maxLength', count(schema['maxLength'], BYTES_PER_CODE_POINT));
  put('minItems', count(schema['minItems'], 1));
  put('maxItems', count(schema['maxItems'], 1));
  if (isRecord(schema['items']) && schema['prefixItems'] === undefined)
    put('items', translate(schema['items'], depth - 1));
  const { required, properties } = schema;
  if (Array.isArray(required) && required.every((name) => typeof name === 'string')) put('required', [...required]);
  if (properties !== undefined && !isRecord(properties)) return out;
  const named = Object.entries(properties ?? {}).map(([name, one]) => [name, translate(one, depth - 1)] as const);
  if (named.length > 0) put('properties', Object.fromEntries(named));
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

const typeOf = (type: unknown): string | undefined =>
  typeof type === 'string' && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;

/** A constant as the data model holds it; undefined where no record holds it, or it is not worth its bytes. */
function constant(value: unknown): DagValue | undefined {
  const held = dagValueOf(value);
  return held === undefined || depthOf(held) > CONSTANT_DEPTH_MAX ? undefined : held;
}

function choices(value: unknown): readonly DagValue[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const all = value.map((choice) => ({ choice, held: constant(choice) }));
  // A choice that no record can hold is one that no record makes; one that is only left out could be made.
  if (all.some(({ choice, held }) => held === undefined && dagValueOf(choice) !== undefined)) return undefined;
  const held = all.flatMap((one) => (one.held === undefined ? [] : [one.held]));
  return held.length === 0 ? undefined : held;
}

function bound(value: unknown, round: (value: number) => number): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const whole = round(value);
  return Number.isSafeInteger(whole) ? whole : undefined;
}

/** A bound on a length. JSON Schema has whole numbers here, 0 or more. */
function count(value: unknown, factor: number): number | undefined {
  const whole = bound(value, (count) => (Number.isInteger(count) ? count * factor : Number.NaN));
  return whole !== undefined && whole >= 0 ? whole : undefined;
}
