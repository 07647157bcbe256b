import { type ApiDocument, type Operation, operationsOf, type Parameter, type Schema, successOf } from './document.ts';
import { doc, typeOf } from './type-of.ts';

const HEAD = `// Written by scripts/generate-client.ts from docs/reference/openapi.json: change the table of operations instead.
`;

/** The source of the client's types, not yet formatted. */
export function typesText(document: ApiDocument): string {
  const types = Object.entries(document.components.schemas).map(
    ([name, schema]) => `${doc(schema.description)}export ${declared(name, schema)}\n`,
  );
  const events = operationsOf(document).flatMap((operation) => {
    const members = eventsOf(operation);
    if (members === null) return [];
    const one = members.map(
      ([type, schema]) => `{ readonly type: '${type}'; readonly id: string | null; readonly data: ${typeOf(schema)} }`,
    );
    return [
      `/** One event of \`${operation.operationId}\`. */\nexport type ${eventTypeOf(operation)} =\n| ${one.join('\n| ')};\n`,
    ];
  });
  return [HEAD, ...types, ...events].join('\n');
}

/** An object is an interface; the rest are types. */
function declared(name: string, schema: Schema): string {
  const type = typeOf(schema);
  return schema.properties !== undefined && type.startsWith('{\n')
    ? `interface ${name} ${type}`
    : `type ${name} = ${type};`;
}

/** The source of the client, not yet formatted. */
export function clientText(document: ApiDocument): string {
  const operations = operationsOf(document);
  const methods = operations.map(methodText);
  const body = methods.join('\n\n');
  const types = [...Object.keys(document.components.schemas), ...operations.map(eventTypeOf)]
    .filter((name) => new RegExp(`\\b${name}\\b`).test(body))
    .sort();
  const values = ['Caller', ...['segment', 'segments'].filter((name) => body.includes(`${name}(`))];
  const callerTypes = ['CallOptions', ...(body.includes('ByteStream') ? ['ByteStream'] : [])];
  return `${HEAD}
import { ${[...callerTypes.map((name) => `type ${name}`), ...values].join(', ')} } from './caller.ts';
import type { ${types.join(', ')} } from './generated-types.ts';
import type { ClientTransport${body.includes('RequestBody') ? ', RequestBody' : ''} } from './transport.ts';

/** ${document.info.title}: a method for each operation. Each rejects with an ApiError, or with the reason of the signal given. */
export class ApiClient {
  readonly #caller: Caller;

  constructor(transport: ClientTransport) {
    this.#caller = new Caller(transport);
  }

${body}
}
`;
}

const eventTypeOf = ({ operationId }: Operation): string =>
  `${operationId.slice(0, 1).toUpperCase()}${operationId.slice(1)}Event`.replace('EventsEvent', 'Event');

function eventsOf(operation: Operation): readonly (readonly [string, Schema])[] | null {
  const events = successOf(operation)[1]['x-events'];
  return events === undefined ? null : Object.entries(events);
}

function methodText(operation: Operation): string {
  const { operationId, summary, method, path } = operation;
  const [mediaType, media] = successOf(operation);
  const isStream = mediaType === 'text/event-stream';
  const isJson = media.schema !== undefined;
  const result = isStream
    ? `AsyncGenerator<${eventTypeOf(operation)}, void, undefined>`
    : `Promise<${isJson ? typeOf(media.schema ?? {}) : 'ByteStream'}>`;
  const input = inputText(operation);
  const args = [...(input === null ? [] : [input]), 'options: CallOptions = {}'].join(', ');
  const call = isStream ? 'events' : isJson ? 'json' : 'bytes';
  return `/** ${summary} \`${method} ${path}\` */
${operationId}(${args}): ${result} {
  return this.#caller.${call}({ ${requestText(operation)} }, options);
}`;
}

const nameOf = (parameter: Parameter): string => parameter['x-name'] ?? parameter.name;

/** The argument with what the operation takes, or null for nothing. */
function inputText({ parameters = [], requestBody }: Operation): string | null {
  const members = parameters.map((parameter) => {
    const type = typeOf(parameter.schema);
    return parameter.required
      ? `readonly ${nameOf(parameter)}: ${type}`
      : `readonly ${nameOf(parameter)}?: ${type} | undefined`;
  });
  const [media] = Object.values(requestBody?.content ?? {});
  if (media !== undefined)
    members.push(`readonly body: ${media.schema === undefined ? 'RequestBody' : typeOf(media.schema)}`);
  if (members.length === 0) return null;
  const isOptional = media === undefined && parameters.every(({ required }) => !required);
  return `input: { ${members.join('; ')} }${isOptional ? ' = {}' : ''}`;
}

function requestText(operation: Operation): string {
  const { method, path, parameters = [], requestBody } = operation;
  const place = (where: Parameter['in']): readonly string[] =>
    parameters
      .filter((parameter) => parameter.in === where)
      .map((parameter) => `${quoted(parameter.name)}: input.${nameOf(parameter)}`);
  const [query, headers] = [place('query'), place('header')];
  const [content] = Object.entries(requestBody?.content ?? {});
  const parts = [`method: '${method}'`, `path: ${pathText(path, parameters)}`];
  if (query.length > 0) parts.push(`query: { ${query.join(', ')} }`);
  if (headers.length > 0) parts.push(`headers: { ${headers.join(', ')} }`);
  if (content?.[1].schema !== undefined) parts.push('json: input.body');
  else if (content !== undefined) parts.push(`bytes: input.body, bytesType: '${content[0]}'`);
  parts.push(`answerMs: ${operation['x-answer-ms']}`);
  return parts.join(', ');
}

const quoted = (name: string): string => (/^[a-z]+$/i.test(name) ? name : `'${name}'`);

function pathText(path: string, parameters: readonly Parameter[]): string {
  if (!path.includes('{')) return `'${path}'`;
  const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const isRest = parameters.some((parameter) => parameter.name === name && parameter['x-rest'] === true);
    return `\${${isRest ? 'segments' : 'segment'}(input.${name})}`;
  });
  return `\`${filled}\``;
}
