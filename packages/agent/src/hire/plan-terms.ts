import { resolve } from 'node:path';
import type { JsonValue } from '@canswarm/ports';
import { PARTS_MAX, TASKS_MAX } from '@canswarm/protocol';
import type { Verification } from '../definition.ts';
import { judgeBySchema } from '../schema/json-schema.ts';
import type { JsonSchema } from '../schema/schema-like.ts';
import type { HireOptions } from './hire.ts';
import { HireError } from './hire-error.ts';
import { toldFaults } from './told-faults.ts';

const closed = (properties: JsonSchema, required: readonly string[]): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const file = { type: 'string', minLength: 1 };
const verification = closed(
  {
    checks: { type: 'array', items: { type: 'string' } },
    module: closed(
      {
        file,
        mode: { enum: ['check', 'judge', 'reexecute', 'bound'] },
        boundBps: { type: 'integer', minimum: 1, maximum: 10_000 },
      },
      ['file', 'mode'],
    ),
    example: closed({ input: true, output: true }, ['input', 'output']),
  },
  [],
);
/** A plan written in JSON. */
const PLAN_SCHEMA: JsonSchema = closed(
  {
    tasks: { type: 'integer', minimum: 2, maximum: TASKS_MAX },
    parts: {
      type: 'array',
      minItems: 1,
      maxItems: PARTS_MAX,
      items: closed(
        {
          skill: { type: 'string', minLength: 1, maxLength: 64 },
          inputSchema: { type: 'object' },
          outputSchema: { type: 'object' },
          verification,
        },
        ['skill'],
      ),
    },
  },
  ['tasks', 'parts'],
);

interface WrittenPart {
  readonly skill: string;
  readonly inputSchema?: JsonSchema;
  readonly outputSchema?: JsonSchema;
  readonly verification?: Verification;
}

/**
 * The `plan` of a hire, of JSON that says it: `{tasks, parts: [{skill, inputSchema?, outputSchema?, verification?}]}`. A part with both schemas is
 * defined by them, another as it is offered. The files of modules are taken from `folder`. Throws a HireError `invalid_input` that names the
 * field.
 */
export function planTerms(written: JsonValue, folder: string): NonNullable<HireOptions['plan']> {
  const judged = judgeBySchema(PLAN_SCHEMA);
  if (!judged.ok) throw new Error(`the schema of plans is unfit: ${judged.fault.reason}`);
  const faults = judged.judge(written);
  if (faults.length > 0) throw unfit(toldFaults(faults));
  const { tasks, parts } = written as unknown as { readonly tasks: number; readonly parts: readonly WrittenPart[] };
  return { tasks, parts: parts.map((part, index) => partTerms(part, index, folder)) };
}

function partTerms(
  { skill, inputSchema, outputSchema, verification: own }: WrittenPart,
  index: number,
  folder: string,
) {
  if ((inputSchema === undefined) !== (outputSchema === undefined))
    throw unfit(`/parts/${index}: inputSchema and outputSchema go together`);
  const module = own?.module;
  const terms =
    own === undefined || module === undefined
      ? own
      : { ...own, module: { ...module, file: resolve(folder, String(module.file)) } };
  const wanted =
    inputSchema === undefined || outputSchema === undefined
      ? skill
      : { id: skill, description: skill, inputSchema, outputSchema };
  return { skill: wanted, ...(terms === undefined ? {} : { verification: terms }) };
}

const unfit = (why: string): HireError =>
  new HireError(
    'invalid_input',
    `the plan does not fit: ${why}`,
    `Nothing was posted. A plan is {"tasks": 2 to ${TASKS_MAX}, "parts": [{"skill": ID}]}; a part may have inputSchema and outputSchema, and verification.`,
  );
