const column = {
  type: 'object',
  properties: { csv: { type: 'string', maxLength: 100_000 } },
  required: ['csv'],
  additionalProperties: false,
} as const;
const whole = { type: 'integer', minimum: 0 } as const;
const sums = { rows: whole, sum: whole } as const;

const verification = { module: { file: new URL('./check-sums.ts', import.meta.url), mode: 'check' } } as const;

/** The sum of a column: what a need asks for. */
export const SUM = {
  id: 'sum-column',
  description: 'Sums the numbers of a column.',
  inputSchema: column,
  outputSchema: { type: 'object', properties: sums, required: ['rows', 'sum'], additionalProperties: false },
  verification,
} as const;

/** The sum of one half, which the requester pins by the schema of its part. */
export const sumHalf = (part: number | null) =>
  ({
    id: 'sum-rows',
    description: 'Sums the numbers of a half of a column.',
    inputSchema: column,
    outputSchema: {
      type: 'object',
      properties: { ...sums, part: part === null ? { enum: [0, 1] } : { const: part } },
      required: ['rows', 'sum', 'part'],
      additionalProperties: false,
    },
    verification,
  }) as const;
