import type { JsonSchema } from '@canswarm/agent';
import { DELIMITERS, TABLE_COLUMNS_MAX } from '@canswarm/csv';
import { DECIMAL_MARKS, RULES } from './clean/options.ts';

const count = { type: 'integer', minimum: 0 };
const object = (properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

const INPUT = {
  file: { type: 'string', minLength: 1, maxLength: 512 },
  delimiter: { enum: [...DELIMITERS] },
  rules: { type: 'array', items: { enum: [...RULES] }, maxItems: RULES.length },
  markers: { type: 'array', items: { type: 'string', maxLength: 64 }, maxItems: 64 },
  decimalMark: { enum: [...DECIMAL_MARKS] },
  keep: { type: 'array', items: { type: 'string', maxLength: 1_024 }, maxItems: TABLE_COLUMNS_MAX },
};

export const inputSchema = object(INPUT, Object.keys(INPUT));

const decimal = { type: 'string', minLength: 1, maxLength: 96 };
const column = object({
  name: { type: 'string' },
  kind: { enum: ['number', 'date', 'text', 'empty'] },
  unclear: count,
});
const total = object({ column: { type: 'integer', minimum: 1 }, before: decimal, dropped: decimal, after: decimal });

const cleaned = object({
  status: { const: 'cleaned' },
  file: { type: 'string' },
  delimiter: { enum: [...DELIMITERS] },
  rowsIn: count,
  rowsOut: count,
  dropped: object({ empty: count, duplicate: count, fields: count }),
  patches: count,
  changes: object({
    header: count,
    fit: count,
    trim: count,
    collapse: count,
    empty: count,
    date: count,
    number: count,
  }),
  columns: { type: 'array', items: column, minItems: 1, maxItems: TABLE_COLUMNS_MAX },
  totals: { type: 'array', items: total, maxItems: TABLE_COLUMNS_MAX },
  formulas: count,
});

const unusable = object({
  status: { const: 'unusable' },
  file: { type: 'string' },
  reason: object({ code: { type: 'string' }, row: { anyOf: [count, { type: 'null' }] } }),
});

export const outputSchema: JsonSchema = { type: 'object', oneOf: [cleaned, unusable] };
