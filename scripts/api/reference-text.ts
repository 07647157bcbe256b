import { type ApiDocument, nameOfRef, type Operation, operationsOf, type Schema, successOf } from './document.ts';

const INTRO = `<!-- Written by scripts/generate-reference.ts from the table of operations: change that instead. -->

# The HTTP API of a node

Everything the \`canswarm\` command does with a running node it does by this API, and so may other programs.
[openapi.json](openapi.json) is the same for machines (OpenAPI 3.1); a node serves it as \`GET /v1/openapi.json\`.

## Where it is

| door                                  | who may enter                                             | by default |
| ------------------------------------- | --------------------------------------------------------- | ---------- |
| \`control.sock\` in the node's folder   | whoever can open it: the owner of the home (mode 0600)    | open       |
| \`api.address\`:\`api.port\` over TCP     | whoever has the token in the file \`api-token\` beside it   | closed     |

\`\`\`sh
canswarm up --api-port 4100
curl --unix-socket ~/.local/share/canswarm/networks/local/nodes/local/control.sock http://localhost/v1/status
curl -H "Authorization: Bearer $(cat ~/.local/share/canswarm/networks/local/nodes/local/api-token)" http://127.0.0.1:4100/v1/status
\`\`\`

Whoever has the token can do all that the owner of the node can: spend its credits, and have it read any folder that its user
can read. TCP carries it open: leave it on 127.0.0.1, or let a proxy with TLS stand before it. The Host header must be an IP
address or \`localhost\`, there is no CORS, and nothing of it is meant for browsers.

In a program:

\`\`\`ts
import { ApiClient, httpTransport, socketTransport } from '@canswarm/api';

const client = new ApiClient(httpTransport({ baseUrl: 'http://127.0.0.1:4100', token }));
const { needId } = await client.postBrief({ idempotencyKey: 'report-17', body: { folder, question, maxStatements: 12, priceCap: 2_000_000, seatFee: 100_000 } });
for await (const { type, id, data } of client.needEvents({ id: needId })) console.log(id, type, data);
\`\`\`

## What holds for all of it

- A request that fails is answered with \`{ "code", "message", "hint" }\`: decide by the code, show the rest.
- Every request can fail with \`malformed\`, \`host_refused\`, \`too_many_requests\` and \`defect\`, every one that needs a token with
  \`unauthorized\`, and every one with a body with \`timeout\`, \`too_large\` and \`unsupported_media\`. What else can happen stands
  with each. A path that is none is \`not_found\`, a method that a path does not take \`method_not_allowed\` (405).
- Amounts are micro-credits, times are milliseconds since 1970, bytes of hashes are hexadecimal.
- Nothing that the document does not name is taken: neither a field of a body nor a parameter of a query.
- \`Idempotency-Key\` makes a request that spends repeatable: the node remembers the key durably before it posts, for a day. The same
  key with the same body gives the same need; with another body it is refused.
- Event streams (\`text/event-stream\`) go on after \`Last-Event-ID\`, over restarts of the node too. A comment comes every 15 s when
  nothing happens. Who does not read for 30 s is let go.
- A connection may ask 100 times a second, 200 at once after a pause; a node has 1 024 connections at most. Requests of too many
  bytes, too slow ones and too many are refused as the table below says, never queued.
`;

/** How any request can fail: said once. */
const COMMON: ReadonlySet<string> = new Set([
  'malformed',
  'host_refused',
  'too_many_requests',
  'defect',
  'unauthorized',
  'timeout',
  'too_large',
  'unsupported_media',
]);

/** The page about the API for people. */
export function referenceText(document: ApiDocument): string {
  const operations = operationsOf(document);
  const sections = document.tags.map(({ name, description }) => {
    const own = operations.filter(({ tags }) => tags.includes(name));
    return [`## ${name}: ${description}`, ...own.map(operationText)].join('\n\n');
  });
  return `${[INTRO.trimEnd(), ...sections, problemsText(operations)].join('\n\n')}\n`;
}

function operationText(operation: Operation): string {
  const { operationId, method, path, summary, description, security, parameters = [], requestBody } = operation;
  const rows = parameters.map(({ name, in: where, required, description: what = '', schema }) => [
    `\`${name}\``,
    where,
    `${required ? '' : 'optional; '}${what || shapeOf(schema)}`,
  ]);
  const [body] = Object.entries(requestBody?.content ?? {});
  if (body !== undefined) {
    const [type, { schema }] = body;
    const most = `at most ${operation['x-body-bytes-max'] ?? 0} bytes`;
    rows.push(['body', type, schema === undefined ? most : `${shapeOf(schema)}, ${most}`]);
  }
  const failures = Object.values(operation.responses)
    .flatMap((response) => response['x-codes'] ?? [])
    .filter((code) => !COMMON.has(code));
  const fails = failures.length === 0 ? '' : ` Fails with ${failures.map((code) => `\`${code}\``).join(', ')}.`;
  return [
    `### \`${method} ${path}\``,
    `${summary}${security.length === 0 ? ' Needs no token.' : ''}${description === undefined ? '' : ` ${description}`}`,
    ...(rows.length === 0 ? [] : [table(['name', 'where', 'what'], rows)]),
    `Client: \`${operationId}\`. Answers ${answerText(operation)}.${fails}`,
  ].join('\n\n');
}

function answerText(operation: Operation): string {
  const [type, { schema, 'x-events': events }] = successOf(operation);
  const [status] = Object.keys(operation.responses).filter((code) => code.startsWith('2'));
  if (events !== undefined) {
    const list = Object.entries(events).map(([name, one]) => `\`${name}\` (${shapeOf(one)})`);
    return `${status} with events: ${list.join(', ')}${'204' in operation.responses ? '; or 204' : ''}`;
  }
  return `${status} with ${schema === undefined ? `bytes (${type})` : shapeOf(schema)}`;
}

/** A schema in a few words. */
function shapeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return `\`${nameOfRef(schema.$ref)}\``;
  return String(schema.type ?? 'any');
}

function problemsText(operations: readonly Operation[]): string {
  const found = new Map<string, string>();
  for (const { responses } of operations) {
    for (const [status, { description, 'x-codes': codes = [] }] of Object.entries(responses)) {
      for (const code of codes) {
        const [, means = ''] = new RegExp(`\`${code}\`: ([^\`]*)`).exec(description) ?? [];
        found.set(code, `${status}|${means.trim()}`);
      }
    }
  }
  const rows = [...found]
    .map(([code, text]) => [`\`${code}\``, ...text.split('|')])
    .sort((left, right) => `${left[1]}${left[0]}`.localeCompare(`${right[1]}${right[0]}`, 'en'));
  return ['## Problems', table(['code', 'status', 'what it means'], rows)].join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, head.map(() => '---'), ...rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))];
  return all.map((row) => `| ${row.join(' | ')} |`).join('\n');
}
