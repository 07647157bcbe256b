/** What the generators read of an OpenAPI document: the part that `openApiDocument` writes. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
  readonly 'x-rest'?: boolean;
  readonly 'x-name'?: string;
}

export interface Media {
  readonly schema?: Schema;
  readonly 'x-events'?: Readonly<Record<string, Schema>>;
}

export interface Response {
  readonly description: string;
  readonly content?: Readonly<Record<string, Media>>;
  readonly 'x-codes'?: readonly string[];
}

export interface Method {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Response>>;
  readonly 'x-answer-ms': number;
  readonly 'x-arrival-ms': number;
  readonly 'x-body-bytes-max'?: number;
}

export interface ApiDocument {
  readonly info: { readonly title: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Method>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** A method of a path. */
export interface Operation extends Method {
  readonly path: string;
  readonly method: string;
}

export const operationsOf = ({ paths }: ApiDocument): readonly Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })),
  );

export const nameOfRef = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

/** The answer of success, with its media type. */
export function successOf({ operationId, responses }: Operation): readonly [type: string, media: Media] {
  const [found] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? [];
  const [content] = Object.entries(responses[found ?? '']?.content ?? {});
  if (content === undefined) throw new Error(`${operationId} answers nothing`);
  return content;
}
