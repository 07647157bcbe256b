import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';

/** A JSON Schema (2020-12) as an object. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/**
 * What an agent may declare its input or output with: any Standard Schema that also gives JSON Schema (Zod 4, ArkType, Valibot with
 * its converter, ...), or a JSON Schema written out, of whose values nothing is known to the compiler.
 */
export type SchemaLike = (StandardSchemaV1<unknown, unknown> & StandardJSONSchemaV1<unknown, unknown>) | JsonSchema;

/** Type of what a schema reads. */
export type InputOf<S> = S extends { readonly '~standard': { readonly types?: infer T } }
  ? NonNullable<T> extends { readonly input: infer I }
    ? I
    : unknown
  : unknown;

/** Type of what a schema gives. */
export type OutputOf<S> = S extends { readonly '~standard': { readonly types?: infer T } }
  ? NonNullable<T> extends { readonly output: infer O }
    ? O
    : unknown
  : unknown;

/** What is wrong with a value: where (a JSON Pointer), and why. */
export interface SchemaFault {
  readonly path: string;
  readonly reason: string;
}

/** A value that fits, as the schema gives it, or why it does not. */
export type Validated<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly SchemaFault[] };
