import { setTimeout as pause } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { isProblemCode } from '../schemas/problem-codes.ts';
import { ApiError } from './api-error.ts';
import type { ClientTransport, RequestBody, TransportAnswer, TransportRequest } from './transport.ts';

const MIB = 1024 * 1024;
/** Largest answer that is read as JSON, and longest event. */
const JSON_BYTES_MAX = 64 * MIB;
const EVENT_CHARS_MAX = 16 * MIB;

/** Longest pause before a busy node is asked again for the first time, ms; it doubles each time up to the other. */
const FIRST_PAUSE_MS = 250;
const PAUSE_MS_MAX = 8_000;
/** How long a busy node is asked again, ms. */
const BUSY_MS_MAX = 60_000;

/** How a call may be ended from outside. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** How long the answer may take to begin, ms; for JSON also to end. */
  readonly timeoutMs?: number;
}

/** One request, as the generated client makes it. */
export interface CallRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly json?: unknown;
  readonly bytes?: RequestBody;
  readonly bytesType?: string;
  /** How long the answer may take to begin, ms. */
  readonly answerMs: number;
}

/** Bytes that a node answers with. They are read once, or let go. */
export interface ByteStream extends AsyncIterable<Uint8Array> {
  /** How many there are, where the node says so. */
  readonly size: number | null;
  cancel(): void;
}

/** A server-sent event, its data read as JSON. */
interface CallEvent {
  readonly type: string;
  readonly id: string | null;
  readonly data: unknown;
}

/** Makes calls over a transport. Every method rejects with an ApiError, or with the reason of the caller's own signal. */
export class Caller {
  readonly #transport: ClientTransport;

  constructor(transport: ClientTransport) {
    this.#transport = transport;
  }

  async json<T>(request: CallRequest, options: CallOptions): Promise<T> {
    const late = AbortSignal.timeout(options.timeoutMs ?? request.answerMs);
    const answer = await this.#send(request, options, late);
    const text = await this.#guarded(options, late, () => textOf(answer));
    return parsed(text, answer.status) as T;
  }

  async bytes(request: CallRequest, options: CallOptions): Promise<ByteStream> {
    const answer = await this.#started(request, options);
    const length = Number(answer.headers['content-length'] ?? Number.NaN);
    const failureOf = (error: unknown): unknown => this.#failureOf(error, options, null);
    return {
      size: Number.isSafeInteger(length) ? length : null,
      cancel: () => answer.cancel(),
      async *[Symbol.asyncIterator]() {
        try {
          for await (const chunk of answer.body) yield chunk;
        } catch (error) {
          throw failureOf(error);
        }
      },
    };
  }

  async *events<E extends CallEvent>(request: CallRequest, options: CallOptions): AsyncGenerator<E, void, undefined> {
    const answer = await this.#started(request, options);
    if (answer.status === 204) return answer.cancel();
    const arrived: E[] = [];
    let id: string | null = null;
    const parser = createParser({
      maxBufferSize: EVENT_CHARS_MAX,
      onEvent(message) {
        id = message.id ?? id;
        const event = { type: message.event ?? 'message', id: message.id ?? null, data: parsed(message.data, 200) };
        arrived.push(event as unknown as E);
      },
      onError(error) {
        if (error.type === 'max-buffer-size-exceeded') throw broken('an event is too long', 200);
      },
    });
    const decoder = new TextDecoder();
    try {
      for await (const chunk of answer.body) {
        parser.feed(decoder.decode(chunk, { stream: true }));
        yield* arrived.splice(0);
      }
    } catch (error) {
      throw this.#failureOf(error, options, null);
    } finally {
      answer.cancel();
    }
  }

  /** Sends a request whose answer may go on for ever once it has begun. */
  async #started(request: CallRequest, options: CallOptions): Promise<TransportAnswer> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), options.timeoutMs ?? request.answerMs);
    try {
      return await this.#send(request, options, late.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  async #send(request: CallRequest, options: CallOptions, late: AbortSignal): Promise<TransportAnswer> {
    const { method, path, query = {}, json, bytes, bytesType } = request;
    const type = json === undefined ? bytesType : 'application/json';
    const headers: Record<string, string> = { accept: '*/*', ...(type === undefined ? {} : { 'content-type': type }) };
    for (const [name, value] of Object.entries(request.headers ?? {})) if (value !== undefined) headers[name] = value;
    const body = json === undefined ? (bytes ?? null) : JSON.stringify(json);
    const signal = options.signal === undefined ? late : AbortSignal.any([late, options.signal]);
    const call = { method, path: `${path}${queryOf(query)}`, headers, body, signal };
    return this.#guarded(options, late, () => this.#untilTaken(call));
  }

  /** A node that is busy has done nothing yet: it is asked again, with full jitter, for as long as there is time and the body lasts. */
  async #untilTaken(call: TransportRequest): Promise<TransportAnswer> {
    const isLasting = call.body === null || typeof call.body === 'string' || call.body instanceof Uint8Array;
    const until = performance.now() + BUSY_MS_MAX;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX)) {
      const answer = await this.#transport.send(call);
      if (answer.status >= 200 && answer.status < 300) return answer;
      const problem = problemOf(await textOf(answer), answer.status);
      if (problem.code !== 'busy' || !isLasting || performance.now() > until) throw problem;
      await pause(pauseMs * Math.random(), undefined, { signal: call.signal }).catch(() => {
        throw problem;
      });
    }
  }

  async #guarded<T>(options: CallOptions, late: AbortSignal, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw this.#failureOf(error, options, late);
    }
  }

  /** What an error of the transport is to the caller. */
  #failureOf(error: unknown, { signal }: CallOptions, late: AbortSignal | null): unknown {
    if (signal?.aborted === true) return signal.reason;
    if (error instanceof ApiError) return error;
    if (late?.aborted === true) return new ApiError(0, 'late', 'the node did not answer in time', '', { cause: error });
    return this.#transport.unreachable(error);
  }
}

/** A part of a path. */
export const segment = (text: string): string => encodeURIComponent(text);

/** The end of a path, which may hold slashes. */
export const segments = (text: string): string => text.split('/').map(segment).join('/');

function queryOf(query: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) params.set(name, String(value));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

async function textOf(answer: TransportAnswer): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size > JSON_BYTES_MAX) {
      answer.cancel();
      throw broken('it is too long', answer.status);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parsed(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw broken('it is no JSON', status);
  }
}

function problemOf(text: string, status: number): ApiError {
  const value = parsed(text, status);
  if (typeof value === 'object' && value !== null && 'code' in value && 'message' in value) {
    const code = String(value.code);
    const hint = 'hint' in value ? String(value.hint) : '';
    if (isProblemCode(code)) return new ApiError(status, code, String(value.message), hint);
  }
  return broken('it is no problem of this version', status);
}

const broken = (what: string, status: number): ApiError =>
  new ApiError(
    status,
    'answer_broken',
    `the answer cannot be read: ${what}`,
    'Is it a node, and of the same version of canswarm?',
  );
