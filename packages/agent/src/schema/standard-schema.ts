import type { JsonValue } from '@canswarm/ports';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { isRecord, jsonFault } from '../json.ts';
import { judgeBySchema, UnjudgeableError } from './json-schema.ts';
import type { JsonSchema, SchemaFault, SchemaLike, Validated } from './schema-like.ts';

/** Longest schema as JSON text, bytes. */
export const SCHEMA_BYTES_MAX = 262_144;
const TARGET = 'draft-2020-12';
const FAULTS_MAX = 8;

/** The JSON Schema (2020-12) of what goes over the wire, checked to be fit to judge by. */
export function jsonSchemaOf(
  schema: SchemaLike,
  side: 'input' | 'output',
): { readonly ok: true; readonly schema: JsonSchema } | { readonly ok: false; readonly reason: string } {
  const given = given2020(schema, side);
  if (typeof given === 'string') return { ok: false, reason: given };
  const fault = jsonFault(given);
  if (fault !== null) return { ok: false, reason: `as JSON Schema ${fault}` };
  const plain = JSON.parse(JSON.stringify(given)) as JsonSchema;
  const size = new TextEncoder().encode(JSON.stringify(plain)).length;
  if (size > SCHEMA_BYTES_MAX)
    return { ok: false, reason: `has ${size} bytes as JSON Schema, more than ${SCHEMA_BYTES_MAX}` };
  const judged = judgeBySchema(plain);
  return judged.ok
    ? { ok: true, schema: plain }
    : { ok: false, reason: `${judged.fault.path} ${judged.fault.reason}`.trim() };
}

function given2020(schema: SchemaLike, side: 'input' | 'output'): JsonSchema | string {
  if (!isSchemaObject(schema)) return 'is neither a Standard Schema nor a JSON Schema object';
  const standard = standardOf(schema);
  if (standard === undefined) return schema as JsonSchema;
  const converter = (standard as { readonly jsonSchema?: unknown }).jsonSchema;
  if (!isRecord(converter) || typeof converter[side] !== 'function')
    return 'gives no JSON Schema ("~standard".jsonSchema): use a library that does, such as Zod 4.2, or write the JSON Schema';
  try {
    const made: unknown = converter[side]({ target: TARGET });
    return isRecord(made) ? made : 'gives no JSON Schema object';
  } catch (error) {
    return `cannot be written as JSON Schema: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const isSchemaObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null && !Array.isArray(value)) || typeof value === 'function';

function standardOf(schema: object): StandardSchemaV1['~standard'] | undefined {
  const standard: unknown = '~standard' in schema ? schema['~standard'] : undefined;
  return isRecord(standard) && typeof standard['validate'] === 'function'
    ? (standard as unknown as StandardSchemaV1['~standard'])
    : undefined;
}

/** Validates as the schema does it: a Standard Schema may fill in defaults and transform. */
export async function validateBy(schema: SchemaLike, value: JsonValue): Promise<Validated<unknown>> {
  const standard = standardOf(schema);
  if (standard === undefined) {
    const faults = faultsBy(schema as JsonSchema, value);
    return faults.length === 0 ? { ok: true, value } : { ok: false, faults };
  }
  const result = await standard.validate(value);
  if (result.issues === undefined) return { ok: true, value: result.value };
  return { ok: false, faults: result.issues.slice(0, FAULTS_MAX).map(faultOf) };
}

/** Judges by JSON Schemas that were judged by before. */
const judges = new WeakMap<JsonSchema, ReturnType<typeof judgeBySchema>>();

function faultsBy(schema: JsonSchema, value: JsonValue): readonly SchemaFault[] {
  const judged = judges.get(schema) ?? judgeBySchema(schema);
  judges.set(schema, judged);
  if (!judged.ok) return [judged.fault];
  try {
    return judged.judge(value);
  } catch (error) {
    if (error instanceof UnjudgeableError) return [{ path: '', reason: error.message }];
    throw error;
  }
}

function faultOf({ message, path = [] }: StandardSchemaV1.Issue): SchemaFault {
  const steps = path.map((step) => String(typeof step === 'object' ? step.key : step));
  return { path: steps.map((step) => `/${step}`).join(''), reason: message };
}

/** Faults in one line, for people. */
export const faultLine = (faults: readonly SchemaFault[]): string =>
  faults.map(({ path, reason }) => (path === '' ? reason : `${path}: ${reason}`)).join('; ');
