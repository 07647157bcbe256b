import type { z } from 'zod';
import type { Read } from './read-fields.ts';

/** Whether a value is what a schema says, with nothing besides: a field that no document tells of is a fault too. */
export function checkAnswer(schema: z.ZodType, value: unknown): Read<unknown> {
  const plain: unknown = JSON.parse(JSON.stringify(value));
  const read = schema.safeParse(plain);
  if (!read.success) return { ok: false, message: read.error.message };
  const [told, known] = [JSON.stringify(sorted(plain)), JSON.stringify(sorted(read.data))];
  return told === known ? { ok: true, value: plain } : { ok: false, message: `it has fields of no schema: ${told}` };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
