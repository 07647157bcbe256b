import { SELECTOR_UNITS_MAX, TYPES } from './rules.ts';

const text = { type: 'string' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const count = { type: 'integer', minimum: 0 } as const;
const countOrNull = { type: ['integer', 'null'] } as const;

function object(properties: Readonly<Record<string, unknown>>, required = Object.keys(properties)) {
  return { type: 'object', properties, required, additionalProperties: false } as const;
}

const list = (items: unknown) => ({ type: 'array', items }) as const;
const selector = { type: 'string', minLength: 1, maxLength: SELECTOR_UNITS_MAX } as const;
const field = object(
  {
    name: { type: 'string', minLength: 1, maxLength: 128 },
    selector,
    attribute: { type: 'string', minLength: 1, maxLength: 64 },
    type: { enum: [...TYPES] },
    required: { type: 'boolean' },
  },
  ['name'],
);

/** What is asked for; the HTML comes as files. */
export const inputSchema = object(
  {
    rows: selector,
    fields: { type: 'array', items: field, minItems: 1, maxItems: 64 },
    tables: { const: true },
    base: { type: 'string', minLength: 1, maxLength: 2_048 },
  },
  [],
);

/** What came of it; `rows` and `skipped` repeat the beginning of what the files hold in full. */
export const outputSchema = object({
  fields: list(text),
  rows: list(list(textOrNull)),
  total: count,
  leftOut: count,
  skipped: list(object({ match: count, field: textOrNull, reason: text })),
  skippedTotal: count,
  sources: list(
    object({
      file: text,
      kind: { enum: ['rows', 'table', 'list', 'none'] },
      path: textOrNull,
      start: countOrNull,
      matches: count,
    }),
  ),
  tables: list(
    object({
      folder: text,
      file: text,
      path: text,
      start: countOrNull,
      caption: textOrNull,
      columns: count,
      total: count,
      leftOut: count,
      skippedTotal: count,
    }),
  ),
  tablesLeftOut: count,
  unusable: list(object({ file: text, reason: text })),
});
