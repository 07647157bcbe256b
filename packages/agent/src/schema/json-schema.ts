import type { JsonValue } from '@canswarm/ports';
import { Validator } from '@cfworker/json-schema';
import { unfitSchema } from './bounded-schema.ts';
import type { JsonSchema, SchemaFault } from './schema-like.ts';

const FAULTS_MAX = 8;
/** Most times that a schema or subschema is applied while one value is judged. */
const STEPS_MAX = 5_000_000;

/** Judging this value by this schema costs too much, or goes wrong: nobody can say whether it fits. */
export class UnjudgeableError extends Error {
  override readonly name = 'UnjudgeableError';
}

/**
 * Judges values by a JSON Schema. Gives what is wrong, at most eight faults, innermost first; none: the value fits. Throws an
 * UnjudgeableError.
 */
export type JudgeBySchema = (value: JsonValue) => readonly SchemaFault[];

/** A judge by this schema (JSON Schema 2020-12), or why it is unfit to judge by. Interprets it: no code is made of it. */
export function judgeBySchema(
  schema: JsonSchema,
): { readonly ok: true; readonly judge: JudgeBySchema } | { readonly ok: false; readonly fault: SchemaFault } {
  const fault = unfitSchema(schema);
  if (fault !== null) return { ok: false, fault };
  const steps = { left: 0 };
  let validator: Validator;
  try {
    validator = new Validator(countedCopy(schema, steps), '2020-12', true);
  } catch (error) {
    return { ok: false, fault: { path: '', reason: `is no JSON Schema: ${String(error)}` } };
  }
  const judge: JudgeBySchema = (value) => {
    steps.left = STEPS_MAX;
    const { valid, errors } = validated(validator, value);
    if (valid) return [];
    return errors
      .toReversed()
      .slice(0, FAULTS_MAX)
      .map(({ instanceLocation, error }) => ({ path: instanceLocation.replace(/^#/, ''), reason: error }));
  };
  return { ok: true, judge };
}

function validated(validator: Validator, value: JsonValue): ReturnType<Validator['validate']> {
  try {
    return validator.validate(value);
  } catch (error) {
    if (error instanceof UnjudgeableError) throw error;
    // What the library cannot bear: so many faults that they do not fit on the stack, or a reference that it cannot follow.
    throw new UnjudgeableError(`the schema cannot judge this value: ${String(error).slice(0, 100)}`, { cause: error });
  }
}

/**
 * A copy of the schema in which each application of a subschema is counted: the validator reads this keyword, which our schemas do
 * not have, once each time it applies one. So whatever a schema of somebody makes of a value, it ends, and after the same step on
 * every machine.
 */
const COUNTED_KEYWORD = '$recursiveAnchor';

function countedCopy(schema: JsonSchema, steps: { left: number }): JsonSchema {
  const copy = JSON.parse(JSON.stringify(schema)) as JsonSchema;
  const get = (): undefined => {
    steps.left -= 1;
    if (steps.left < 0) throw new UnjudgeableError(`the schema needs more than ${STEPS_MAX} steps for this value`);
  };
  const count = (at: unknown): void => {
    if (typeof at !== 'object' || at === null) return;
    for (const below of Object.values(at)) count(below);
    if (!Array.isArray(at)) Object.defineProperty(at, COUNTED_KEYWORD, { get, enumerable: false });
  };
  count(copy);
  return copy;
}
