import type { JsonSchema } from '@canswarm/agent';
import { DELIMITERS, TABLE_COLUMNS_MAX } from '@canswarm/csv';

const count = { type: 'integer', minimum: 0 };
const object = (properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

const KEYS_MAX = 16;
const COMPARED_MAX = 256;

const file = { type: 'string', minLength: 1, maxLength: 512 };
const columnName = { type: 'string', maxLength: 1_024 };
const tolerance = { type: 'string', pattern: '^[0-9]{1,34}$|^[0-9]{1,17}[.][0-9]{1,17}$' };
const key = { anyOf: [columnName, object({ left: columnName, right: columnName })] };
const compared = {
  anyOf: [columnName, object({ left: columnName, right: columnName, tolerance }, ['right', 'tolerance'])],
};

export const inputSchema = object(
  {
    left: file,
    right: file,
    leftDelimiter: { enum: [...DELIMITERS] },
    rightDelimiter: { enum: [...DELIMITERS] },
    keys: { type: 'array', items: key, minItems: 1, maxItems: KEYS_MAX },
    compare: { type: 'array', items: compared, maxItems: COMPARED_MAX },
    ignoreCase: { type: 'boolean' },
    trim: { type: 'boolean' },
  },
  ['left', 'right', 'leftDelimiter', 'rightDelimiter', 'compare', 'ignoreCase', 'trim'],
);

const both = object({ left: count, right: count });
const decimal = { type: 'string', minLength: 1, maxLength: 96 };
const totals = object({
  left: decimal,
  right: decimal,
  difference: decimal,
  onlyLeft: decimal,
  onlyRight: decimal,
  differences: decimal,
  withinTolerance: decimal,
  notNumbers: both,
});
const column = object({
  left: { type: 'string' },
  right: { type: 'string' },
  tolerance: { anyOf: [decimal, { type: 'null' }] },
  different: count,
  totals: { anyOf: [totals, { type: 'null' }] },
});

const reconciled = object({
  status: { const: 'reconciled' },
  rows: both,
  blank: both,
  skipped: both,
  matched: count,
  equal: count,
  different: count,
  differences: count,
  onlyLeft: count,
  onlyRight: count,
  duplicates: object({ keys: count, left: count, right: count }),
  columns: { type: 'array', items: column, maxItems: TABLE_COLUMNS_MAX },
  formulas: count,
});

const reason = object({
  side: { enum: ['left', 'right', 'result'] },
  code: { type: 'string' },
  row: { anyOf: [count, { type: 'null' }] },
  column: { anyOf: [{ type: 'string' }, { type: 'null' }] },
});
const unusable = object({
  status: { const: 'unusable' },
  reasons: { type: 'array', items: reason, minItems: 1, maxItems: 2 * (KEYS_MAX + COMPARED_MAX) },
});

export const outputSchema: JsonSchema = { type: 'object', oneOf: [reconciled, unusable] };
