import { z } from 'zod';
import type { Fields } from './operation.ts';

/** Values as they were read, or what is wrong with the first that is no such value. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/**
 * Reads texts of a path, a query or headers by their schemas. `texts` gives undefined for what was not sent. A name that the
 * schemas do not have is for the caller to refuse.
 */
export function readFields(
  fields: Fields,
  where: string,
  texts: (name: string) => string | undefined,
): Read<Readonly<Record<string, unknown>>> {
  const value: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(fields)) {
    const text = texts(name);
    const read = schema.safeParse(text === undefined ? undefined : meantBy(schema, text));
    if (!read.success) {
      return { ok: false, message: `${where} ${name}: ${text === undefined ? 'it lacks' : reasonOf(read.error)}` };
    }
    if (read.data !== undefined) value[name] = read.data;
  }
  return { ok: true, value };
}

/** Reads a value that came as JSON. */
export function readJson(schema: z.ZodType, value: unknown): Read<unknown> {
  const read = schema.safeParse(value);
  return read.success ? { ok: true, value: read.data } : { ok: false, message: `the body: ${reasonOf(read.error)}` };
}

/** What a text stands for, by what its schema takes: a number or a truth is written out in a URL. */
function meantBy(schema: z.ZodType, text: string): unknown {
  const base = bare(schema);
  if (base instanceof z.ZodNumber) return /^-?(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : text;
  if (base instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

function bare(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return bare(schema.unwrap() as z.ZodType);
  return schema;
}

/** The first fault, with the field that has it. Names what is due, never what came: that may be long, or a secret. */
function reasonOf({ issues }: z.ZodError): string {
  const [first] = issues;
  if (first === undefined) return 'it is malformed';
  const at = first.path.map(String).join('.').slice(0, 128);
  return at === '' ? first.message : `${at}: ${first.message}`;
}
