import { z } from 'zod';
import { camel, errorsOf, type Fields, type Operation } from '../operations/operation.ts';
import { OPERATION_IDS, operationOf } from '../operations/operations.ts';
import { NAMED } from '../schemas/named.ts';
import { problem } from '../schemas/problem.ts';
import { PROBLEMS, type ProblemCode } from '../schemas/problem-codes.ts';

type Node = Readonly<Record<string, unknown>>;

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: Node;
  readonly servers: readonly Node[];
  readonly tags: readonly Node[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Node>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Node>>; readonly securitySchemes: Node };
}

const TAGS = [
  { name: 'node', description: 'The node itself.' },
  { name: 'needs', description: 'Work that somebody pays for.' },
  { name: 'agents', description: 'Agents that take part through the node, and those that can be hired.' },
  { name: 'ledger', description: 'Money, stake and pool, as the log has them.' },
  { name: 'content', description: 'Files and blocks by CID.' },
] as const;

const refOf = (name: string): string => `#/components/schemas/${name}`;

/** The OpenAPI document of the API, from the table of operations. */
export function openApiDocument(): OpenApiDocument {
  const paths: Record<string, Record<string, Node>> = {};
  for (const id of OPERATION_IDS) {
    const operation = operationOf(id);
    const at = paths[operation.path] ?? {};
    at[operation.method.toLowerCase()] = operationNode(id, operation);
    paths[operation.path] = at;
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'A node of CAN Swarm',
      version: '1',
      description:
        'How programs speak to a node: over the socket in its folder, where whoever can open it is its owner, or over TCP with the token of its folder.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:{port}', variables: { port: { default: '4100' } } }],
    tags: TAGS,
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function operationNode(id: string, operation: Operation): Node {
  const {
    tag,
    summary,
    description,
    auth,
    params = {},
    query = {},
    headers = {},
    body,
    rest,
    arrivalMs,
    answerMs,
  } = operation;
  const parameters = [
    ...parametersOf(params, 'path', rest),
    ...parametersOf(query, 'query'),
    ...parametersOf(headers, 'header'),
  ];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: auth === 'none' ? [] : [{ token: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: bodyNode(body) }),
    responses: { ...successNode(operation), ...errorNodes(errorsOf(operation)) },
    'x-arrival-ms': arrivalMs,
    'x-answer-ms': answerMs,
    ...(body === undefined ? {} : { 'x-body-bytes-max': body.bytesMax }),
  };
}

function parametersOf(fields: Fields, place: 'path' | 'query' | 'header', rest?: string): readonly Node[] {
  return Object.entries(fields).map(([name, schema]) => {
    const { description: inner, ...bare } = schemaNode(schema);
    const description = schema.description ?? inner;
    return {
      name: place === 'header' ? headerName(name) : name,
      in: place,
      required: place === 'path' || !schema.safeParse(undefined).success,
      ...(description === undefined ? {} : { description }),
      schema: bare,
      ...(name === rest ? { 'x-rest': true } : {}),
      ...(place === 'header' ? { 'x-name': camel(name) } : {}),
    };
  });
}

const headerName = (name: string): string =>
  name
    .split('-')
    .map((word) => (word === 'id' ? 'ID' : `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`))
    .join('-');

function bodyNode(body: NonNullable<Operation['body']>): Node {
  const content =
    body.kind === 'json' ? { 'application/json': { schema: schemaNode(body.schema) } } : { [body.mediaType]: {} };
  return { required: true, content };
}

function successNode({ answer, headers = {} }: Operation): Node {
  switch (answer.kind) {
    case 'json':
      return {
        [answer.status]: {
          description: 'Done.',
          content: { 'application/json': { schema: schemaNode(answer.schema) } },
        },
      };
    case 'bytes':
      return { [answer.status]: { description: 'The bytes.', content: { [answer.mediaType]: {} } } };
    case 'events': {
      const events = Object.entries(answer.events).map(([name, schema]) => [name, schemaNode(schema)] as const);
      return {
        [answer.status]: {
          description: 'Server-sent events; the data of each is JSON of the schema of its type.',
          content: { 'text/event-stream': { 'x-events': Object.fromEntries(events) } },
        },
        // Only who says what it has can have it all.
        ...('last-event-id' in headers ? { 204: { description: 'Nothing more will come.' } } : {}),
      };
    }
  }
}

function errorNodes(codes: readonly ProblemCode[]): Node {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const nodes = [...byStatus]
    .sort(([left], [right]) => left - right)
    .map(([status, same]) => [
      String(status),
      {
        description: same.map((code) => `\`${code}\`: ${PROBLEMS[code].means}`).join(' '),
        content: { 'application/json': { schema: schemaNode(problem) } },
        'x-codes': same,
      },
    ]);
  return Object.fromEntries(nodes) as Node;
}

/** A schema with a name is referred to, another one is written out; it may hold none with a name. */
function schemaNode(schema: z.ZodType): Node {
  const base = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
  const known = NAMED.get(base);
  if (known !== undefined) return { $ref: refOf(known.id) };
  return withoutMarks(z.toJSONSchema(base, { io: 'input' }));
}

function componentSchemas(): Readonly<Record<string, Node>> {
  const { schemas } = z.toJSONSchema(NAMED, { uri: refOf, io: 'input' });
  const sorted = Object.entries(schemas).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, schema]) => [name, withoutMarks(schema)]));
}

function withoutMarks(schema: object): Node {
  const { $schema, $id, ...rest } = schema as { readonly $schema?: unknown; readonly $id?: unknown };
  return rest;
}
