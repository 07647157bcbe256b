import type { Answer, ApiTable, Chunks, Fields, Handlers, Operation, OperationId, Read } from '@canswarm/api';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { Door } from './door.ts';
import { answerHeaders, jsonAnswer, Problem, problemAnswer } from './problem.ts';
import type { Rate } from './rate.ts';
import { bodyChunks, checkBodyHeaders, jsonBody } from './request-body.ts';
import { type AnyEvent, eventText, streamOf } from './streams.ts';

/** What of a request a handler may need besides its input. */
export interface Call {
  /** Aborted when whoever asked is gone. */
  readonly signal: AbortSignal;
  /** Does something once the answer has left, or whoever asked is gone. */
  afterAnswer(act: () => void): void;
}

export interface AppOptions {
  readonly table: ApiTable;
  readonly handlers: Handlers<Call>;
  readonly door: Door;
  readonly rate: Rate;
  /** What a failure of a handler is to whoever asked; null for one that nobody foresaw. */
  readonly problemOf: (error: unknown) => Problem | null;
  /** Told of failures that nobody foresaw, with the operation. */
  readonly onDefect: (operation: string, error: unknown) => void;
  readonly keepAliveMs: number;
  /** How long any request may take to arrive at most, ms. */
  readonly arrivalMs: number;
  /** Whether answers are checked against their schemas too; a wrong one is a defect. For tests. */
  readonly checksAnswers?: boolean;
}

type Env = { readonly Bindings: HttpBindings };
type Handler = (input: unknown, call: Call) => unknown;

/** Largest JSON answer, in characters. */
const ANSWER_CHARS_MAX = 64 * 1024 * 1024;

/** The API as a web application: routes, checks and answers as the table of operations says. */
export function apiApp(options: AppOptions): Hono<Env> {
  const app = new Hono<Env>();
  const byPath = new Map<string, Map<string, OperationId>>();
  const { table } = options;
  for (const id of table.OPERATION_IDS) {
    const operation = table.operationOf(id);
    const pattern = patternOf(operation);
    byPath.set(pattern, (byPath.get(pattern) ?? new Map()).set(operation.method, id));
  }
  app.use(async (context, next) => {
    if (!options.rate.take(context.env.incoming.socket)) {
      throw new Problem('too_many_requests', 'this connection asks too often', 'Ask again in a second.');
    }
    options.door.checkHost(context.env.incoming.headers.host);
    await next();
  });
  for (const [pattern, methods] of byPath) {
    app.all(pattern, (context) => {
      const id = methods.get(context.req.raw.method);
      if (id !== undefined) return serve(id, context, options);
      const problem = new Problem('method_not_allowed', `this path takes ${[...methods.keys()].join(', ')}`);
      return problemAnswer(problem, { allow: [...methods.keys()].join(', ') });
    });
  }
  app.notFound(() => problemAnswer(new Problem('not_found', 'there is no such path', 'See GET /v1/openapi.json')));
  app.onError((error) => failed('a request', error, null, options));
  return app;
}

/** `/v1/needs/{id}` as the router writes it. */
function patternOf({ path, rest }: Operation): string {
  return path.replace(/\{([^}]+)\}/g, (_, name: string) => (name === rest ? `:${name}{.+}` : `:${name}`));
}

async function serve(id: OperationId, context: Context<Env>, options: AppOptions): Promise<Response> {
  const operation = options.table.operationOf(id);
  const { outgoing } = context.env;
  const gone = new AbortController();
  const afterwards: (() => void)[] = [];
  outgoing.once('close', () => {
    gone.abort();
    for (const act of afterwards) act();
  });
  const call: Call = { signal: gone.signal, afterAnswer: (act) => void afterwards.push(act) };
  try {
    if (operation.auth === 'bearer') options.door.checkOwner(context.req.header('authorization'));
    const input = await inputOf(operation, context, gone.signal, options);
    const output = await (options.handlers[id] as Handler)(input, call);
    return answerOf(operation.answer, output, context, options);
  } catch (error) {
    if (gone.signal.aborted) return new Response(null, { status: 400 });
    return failed(id, error, operation, options);
  }
}

/** What the handler is given. Throws a Problem. */
async function inputOf(
  operation: Operation,
  { req, env }: Context<Env>,
  signal: AbortSignal,
  { arrivalMs, table: { camel, readFields, readJson } }: AppOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const { params = {}, query = {}, headers = {}, body } = operation;
  const untilMs = performance.now() + Math.min(arrivalMs, operation.arrivalMs);
  const asked = new URL(req.url).searchParams;
  for (const name of new Set(asked.keys())) {
    if (!Object.hasOwn(query, name)) throw malformed('the query has a parameter that the operation does not take');
    if (asked.getAll(name).length > 1) throw malformed(`query ${name}: it comes more than once`);
  }
  const sent = must(readFields(headers, 'header', (name) => textOf(env.incoming.headers[name])));
  const named = Object.fromEntries(Object.entries(sent).map(([name, value]) => [camel(name), value]));
  const input = {
    ...must(readFields(params, 'path', (name) => req.param(name))),
    ...must(readFields(query, 'query', (name) => asked.get(name) ?? undefined)),
    ...named,
  };
  if (body === undefined) return input;
  checkBodyHeaders(req.raw.headers, body);
  const chunks = bodyChunks(req.raw.body, { bytesMax: body.bytesMax, untilMs, signal });
  if (body.kind === 'bytes') return { ...input, body: chunks };
  return { ...input, body: must(readJson(body.schema, await jsonBody(chunks))) };
}

const textOf = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'object' ? value.join(', ') : value;

function must<T>(read: Read<T>): T {
  if (read.ok) return read.value;
  throw malformed(read.message);
}

const malformed = (message: string): Problem => new Problem('malformed', message, 'See GET /v1/openapi.json');

function answerOf(answer: Answer, output: unknown, context: Context<Env>, options: AppOptions): Response {
  const { checksAnswers = false, keepAliveMs, table } = options;
  const { outgoing } = context.env;
  // A stream that fails has said its status already: only its end can still tell.
  const cut = (error: unknown): void => {
    if (!outgoing.destroyed && options.problemOf(error) === null) options.onDefect(context.req.path, error);
    outgoing.destroy();
  };
  switch (answer.kind) {
    case 'json': {
      if (checksAnswers) mustBe(table.checkAnswer(answer.schema, output));
      const text = JSON.stringify(output);
      if (text.length > ANSWER_CHARS_MAX) throw new RangeError(`an answer has ${text.length} characters`);
      return new Response(text, { status: answer.status, headers: answerHeaders('application/json') });
    }
    case 'bytes': {
      const { size, chunks } = output as { readonly size: number | null; readonly chunks: Chunks };
      const length: Readonly<Record<string, string>> =
        size === null ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(size) };
      const headers = answerHeaders(answer.mediaType, length);
      return new Response(streamOf(chunks, cut), { status: answer.status, headers });
    }
    case 'events': {
      if (output === null) return new Response(null, { status: 204, headers: answerHeaders(null) });
      const events = output as AsyncIterable<AnyEvent>;
      const checked = checksAnswers ? checkedEvents(table, answer.events, events) : events;
      const headers = answerHeaders('text/event-stream', { 'transfer-encoding': 'chunked' });
      return new Response(streamOf(eventText(checked, keepAliveMs), cut), { status: answer.status, headers });
    }
  }
}

async function* checkedEvents(
  { checkAnswer }: ApiTable,
  schemas: Fields,
  events: AsyncIterable<AnyEvent>,
): AsyncIterable<AnyEvent> {
  for await (const event of events) {
    const schema = schemas[event.type];
    if (schema === undefined) throw new TypeError(`an event of no type that is known: ${event.type}`);
    mustBe(checkAnswer(schema, event.data));
    yield event;
  }
}

function mustBe(checked: Read<unknown>): void {
  if (!checked.ok) throw new TypeError(`an answer is not what its schema says: ${checked.message}`);
}

/** A failure as an answer. One that the operation does not name is a defect, and nothing of it is told. */
function failed(where: string, error: unknown, operation: Operation | null, options: AppOptions): Response {
  const problem = error instanceof Problem ? error : options.problemOf(error);
  const isNamed = problem !== null && (operation === null || options.table.errorsOf(operation).includes(problem.code));
  if (problem !== null && isNamed) return problemAnswer(problem, headersOf(problem));
  options.onDefect(where, error);
  return jsonAnswer(500, {
    code: 'defect',
    message: 'the node met a defect',
    hint: 'Its log says more: canswarm logs',
  });
}

function headersOf({ code }: Problem): Readonly<Record<string, string>> {
  if (code === 'unauthorized') return { 'www-authenticate': 'Bearer' };
  return code === 'too_many_requests' ? { 'retry-after': '1' } : {};
}
