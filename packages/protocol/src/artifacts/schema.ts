import { equalBytes, utf8Length } from '../bytes.ts';
import { encodeCbor, sortedKeys } from '../cbor/encode.ts';
import { type DagMap, type DagValue, isList, isMap, Link, ownField } from '../cbor/value.ts';

/**
 * A small subset of JSON Schema 2020-12 over the data model (`spec/08-artifacts.md`, schemas), judged with gas so that no
 * schema can cost more than it was given. `link` and `bytes` are our own types besides JSON's.
 */
export type SchemaType = 'null' | 'boolean' | 'integer' | 'string' | 'array' | 'object' | 'link' | 'bytes';

/** A schema as a value of the data model, known to use only supported keywords in their proper form. */
declare const schemaBrand: unique symbol;
export type Schema = DagMap & { readonly [schemaBrand]: true };

export type SchemaVerdict =
  | { readonly ok: true; readonly gasUsed: number }
  | { readonly ok: false; readonly path: string; readonly reason: string }
  | { readonly ok: false; readonly outOfGas: true };

/** Deepest nesting of a schema. */
const SCHEMA_DEPTH_MAX = 16;
const TYPES: readonly string[] = [
  'null',
  'boolean',
  'integer',
  'string',
  'array',
  'object',
  'link',
  'bytes',
] satisfies SchemaType[];

const isCount = (value: DagValue): boolean => typeof value === 'number' && value >= 0;
const isSchemaMap = (value: DagValue, depth: number): boolean =>
  isMap(value) && Object.values(value).every((one) => isSchema(one, depth));

/** The form of each keyword's value. */
const KEYWORDS: Readonly<Record<string, (value: DagValue, depth: number) => boolean>> = {
  type: (value) => typeof value === 'string' && TYPES.includes(value),
  const: () => true,
  enum: (value) => isList(value) && value.length > 0,
  properties: isSchemaMap,
  required: (value) => isList(value) && value.every((name) => typeof name === 'string'),
  additionalProperties: (value) => typeof value === 'boolean',
  items: (value, depth) => isSchema(value, depth),
  minItems: isCount,
  maxItems: isCount,
  minLength: isCount,
  maxLength: isCount,
  minimum: (value) => typeof value === 'number',
  maximum: (value) => typeof value === 'number',
};

function isSchema(value: DagValue, depth: number): boolean {
  if (!isMap(value) || depth > SCHEMA_DEPTH_MAX) return false;
  return Object.entries(value).every(([keyword, argument]) => {
    const form = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
    return form?.(argument, depth + 1) ?? false;
  });
}

/** The value as a schema, or undefined when it uses an unknown keyword or one in the wrong form. */
export function parseSchema(value: DagValue): Schema | undefined {
  return isSchema(value, 1) ? (value as Schema) : undefined;
}

/** Which type a value has; our integers are JSON Schema's. */
function typeOfValue(value: DagValue): SchemaType {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return 'integer';
  if (typeof value === 'string') return 'string';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Link) return 'link';
  return isList(value) ? 'array' : 'object';
}

/** One judgement under way. The first fault stands; gas never rises. */
class Judgement {
  gas: number;
  fault: { readonly path: string; readonly reason: string } | undefined;

  constructor(gas: number) {
    this.gas = gas;
  }

  /** False when the gas is spent. */
  spend(amount: number): boolean {
    this.gas -= amount;
    return this.gas >= 0;
  }

  fail(path: string, reason: string): false {
    this.fault = { path, reason };
    return false;
  }
}

/** Two values are the same when their one encoding is. Costs the bytes compared. */
function same(judgement: Judgement, left: DagValue, right: DagValue): boolean {
  if (typeOfValue(left) !== typeOfValue(right)) return false;
  if (typeof left !== 'object' || left === null) return left === right;
  const a = encodeCbor(left);
  const b = encodeCbor(right);
  return judgement.spend(a.length + b.length) && equalBytes(a, b);
}

function number(schema: DagMap, keyword: string, otherwise: number): number {
  const value = ownField(schema, keyword);
  return typeof value === 'number' ? value : otherwise;
}

function judge(judgement: Judgement, schema: DagMap, value: DagValue, path: string): boolean {
  if (!judgement.spend(1 + Object.keys(schema).length)) return false;
  const type = ownField(schema, 'type');
  const actual = typeOfValue(value);
  if (type !== undefined && type !== actual) return judgement.fail(path, `is ${actual}, not ${String(type)}`);
  const only = ownField(schema, 'const');
  if (only !== undefined && !same(judgement, only, value)) return judgement.fail(path, 'is not the constant');
  const choices = ownField(schema, 'enum');
  if (isList(choices) && !choices.some((choice) => judgement.spend(1) && same(judgement, choice, value))) {
    return judgement.fail(path, 'is none of the choices');
  }
  if (typeof value === 'number') return judgeNumber(judgement, schema, value, path);
  if (typeof value === 'string' || value instanceof Uint8Array) return judgeLength(judgement, schema, value, path);
  if (isList(value)) return judgeList(judgement, schema, value, path);
  return isMap(value) ? judgeMap(judgement, schema, value, path) : true;
}

function judgeNumber(judgement: Judgement, schema: DagMap, value: number, path: string): boolean {
  if (value < number(schema, 'minimum', value)) return judgement.fail(path, 'is below the minimum');
  return value <= number(schema, 'maximum', value) || judgement.fail(path, 'is above the maximum');
}

function judgeLength(judgement: Judgement, schema: DagMap, value: string | Uint8Array, path: string): boolean {
  const length = typeof value === 'string' ? utf8Length(value) : value.length;
  if (length < number(schema, 'minLength', 0)) return judgement.fail(path, 'is too short');
  return length <= number(schema, 'maxLength', length) || judgement.fail(path, 'is too long');
}

function judgeList(judgement: Judgement, schema: DagMap, value: readonly DagValue[], path: string): boolean {
  if (value.length < number(schema, 'minItems', 0)) return judgement.fail(path, 'has too few items');
  if (value.length > number(schema, 'maxItems', value.length)) return judgement.fail(path, 'has too many items');
  const items = ownField(schema, 'items');
  if (!isMap(items)) return true;
  return value.every((item, index) => judge(judgement, items, item, `${path}/${index}`));
}

function judgeMap(judgement: Judgement, schema: DagMap, value: DagMap, path: string): boolean {
  const required = ownField(schema, 'required');
  if (isList(required)) {
    for (const name of required) {
      if (!judgement.spend(1)) return false;
      if (typeof name === 'string' && !Object.hasOwn(value, name))
        return judgement.fail(`${path}/${name}`, 'is lacking');
    }
  }
  const properties = ownField(schema, 'properties');
  const closed = ownField(schema, 'additionalProperties') === false;
  for (const name of sortedKeys(value)) {
    const item = value[name];
    if (!judgement.spend(1) || item === undefined) return false;
    const property = isMap(properties) ? ownField(properties, name) : undefined;
    if (isMap(property)) {
      if (!judge(judgement, property, item, `${path}/${name}`)) return false;
    } else if (closed) {
      return judgement.fail(`${path}/${name}`, 'is not allowed');
    }
  }
  return true;
}

/**
 * Judges a value. Gas: 1 for each value visited, 1 for each keyword, required name, property and choice looked at, 1 for each
 * byte of structured constants compared. Being out of gas is no fault of the value.
 */
export function checkSchema(schema: Schema, value: DagValue, gas: number): SchemaVerdict {
  const judgement = new Judgement(gas);
  const fits = judge(judgement, schema, value, '');
  if (judgement.gas < 0) return { ok: false, outOfGas: true };
  if (fits) return { ok: true, gasUsed: gas - judgement.gas };
  return { ok: false, ...(judgement.fault ?? { path: '', reason: 'does not fit' }) };
}
