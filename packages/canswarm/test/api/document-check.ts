import { loadTable, type OpenApiDocument } from '@canswarm/api';
import { type Schema, Validator } from '@cfworker/json-schema';
import type { Answered } from './ask.ts';

interface Media {
  readonly schema?: Schema;
  readonly 'x-events'?: Readonly<Record<string, Schema>>;
}

interface Response {
  readonly content?: Readonly<Record<string, Media>>;
  readonly 'x-codes'?: readonly string[];
}

/** An operation as the document tells of it. */
export interface Told {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly responses: Readonly<Record<string, Response>>;
}

const DOCUMENT: OpenApiDocument = (await loadTable()).openApiDocument();

/** Every operation of the document. */
export const OPERATIONS_TOLD: readonly Told[] = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, told]) => {
    const { operationId, responses } = told as { readonly operationId: string } & Pick<Told, 'responses'>;
    return { id: operationId, method: method.toUpperCase(), path, responses };
  }),
);

/** Every way in which an operation is answered: a status, and for failures a code. */
export const waysOf = ({ responses }: Told): readonly string[] =>
  Object.entries(responses).flatMap(([status, { 'x-codes': codes }]) =>
    codes === undefined ? [status] : codes.map((code) => `${status} ${code}`),
  );

/** What of an answer is not as the document says; empty when all is. */
export function faultsOf({ id, responses }: Told, { status, headers, body }: Answered): readonly string[] {
  const response = responses[String(status)];
  if (response === undefined) return [`${id} has no status ${status}: ${body}`];
  const type = headers['content-type'] ?? null;
  if (response.content === undefined) return body.length === 0 && type === null ? [] : [`${id} ${status} has a body`];
  const media = type === null ? undefined : response.content[type];
  if (media === undefined) return [`${id} ${status} has the media type ${type}`];
  if (media['x-events'] !== undefined) return eventFaults(body.toString(), media['x-events']);
  if (media.schema === undefined) return [];
  const value: unknown = JSON.parse(body.toString());
  const codes = response['x-codes'];
  const code = (value as { readonly code?: string }).code ?? '';
  const foreign = codes !== undefined && !codes.includes(code) ? [`${id} ${status} has no code ${code}`] : [];
  return [...foreign, ...schemaFaults(media.schema, value)];
}

/** What of a value is not as a schema of the document says. */
function schemaFaults(schema: Schema, value: unknown): readonly string[] {
  const whole = { ...schema, components: DOCUMENT.components } as unknown as Schema;
  return new Validator(whole, '2020-12', false)
    .validate(value)
    .errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
}

function eventFaults(text: string, events: Readonly<Record<string, Schema>>): readonly string[] {
  return text
    .split('\n\n')
    .filter((block) => block.includes('data: '))
    .flatMap((block) => {
      const [, type = ''] = /^event: (.*)$/m.exec(block) ?? [];
      const [, data = ''] = /^data: (.*)$/m.exec(block) ?? [];
      const schema = events[type];
      return schema === undefined ? [`no event ${type}`] : schemaFaults(schema, JSON.parse(data));
    });
}
