import { z } from 'zod';

/** Every schema with a name of its own: the components of the OpenAPI document, the types of the generated client. */
export const NAMED = z.registry<{ id: string }>();

/** Gives a schema its name. */
export function named<S extends z.ZodType>(id: string, schema: S): S {
  NAMED.add(schema, { id });
  return schema;
}
