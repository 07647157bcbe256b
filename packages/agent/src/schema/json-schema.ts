import type { JsonValue } from '@canswarm/ports';
import { Validator } from '@cfworker/json-schema';
import { unfitSchema } from './bounded-schema.ts';
import type { JsonSchema, SchemaFault } from './schema-like.ts';

const FAULTS_MAX = 8;

/** Judges values by a JSON Schema. Gives what is wrong, at most eight faults, innermost first; none: the value fits. */
export type JudgeBySchema = (value: JsonValue) => readonly SchemaFault[];

/** A judge by this schema (JSON Schema 2020-12), or why it is unfit to judge by. Interprets it: no code is made of it. */
export function judgeBySchema(
  schema: JsonSchema,
): { readonly ok: true; readonly judge: JudgeBySchema } | { readonly ok: false; readonly fault: SchemaFault } {
  const fault = unfitSchema(schema);
  if (fault !== null) return { ok: false, fault };
  let validator: Validator;
  try {
    validator = new Validator(schema, '2020-12', true);
  } catch (error) {
    return { ok: false, fault: { path: '', reason: `is no JSON Schema: ${String(error)}` } };
  }
  const judge: JudgeBySchema = (value) => {
    const { valid, errors } = validator.validate(value);
    if (valid) return [];
    return errors
      .toReversed()
      .slice(0, FAULTS_MAX)
      .map(({ instanceLocation, error }) => ({ path: instanceLocation.replace(/^#/, ''), reason: error }));
  };
  return { ok: true, judge };
}
