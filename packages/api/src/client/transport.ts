import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiError } from './api-error.ts';

/** Bytes of a request: all at once, or as they come. */
export type RequestBody = Uint8Array | string | AsyncIterable<Uint8Array>;

export interface TransportRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBody | null;
  readonly signal: AbortSignal;
}

/** An answer whose head is there. Leaving its body unread until the end lets the connection go. */
export interface TransportAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets the rest of the body go. */
  cancel(): void;
}

/** Carries requests to one node. */
export interface ClientTransport {
  /** Rejects with the system's error, or the signal's reason. */
  send(request: TransportRequest): Promise<TransportAnswer>;
  /** What it means that the node cannot be reached, or went away in mid-answer; `cause` is what was met. */
  unreachable(cause: unknown): ApiError;
}

/** To the node whose folder holds this socket (`control.sock`). */
export const socketTransport = (socketPath: string): ClientTransport => ({
  send: (request) => send(httpRequest, { socketPath }, request),
  unreachable: (cause) => unreachable(`no node answers at ${socketPath}`, cause),
});

export interface HttpTransportOptions {
  /** Such as http://127.0.0.1:4100. */
  readonly baseUrl: string;
  /** What stands in `api-token` in the node's folder. */
  readonly token: string;
}

/** To a node over TCP. Throws TypeError for a base that is no http or https URL. */
export function httpTransport({ baseUrl, token }: HttpTransportOptions): ClientTransport {
  const { protocol, hostname, port, pathname, origin } = new URL(baseUrl);
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError(`${protocol} is neither http nor https`);
  const request = protocol === 'http:' ? httpRequest : httpsRequest;
  const to = { host: hostname.replace(/^\[(.*)\]$/, '$1'), ...(port === '' ? {} : { port }) };
  const base = pathname.replace(/\/$/, '');
  return {
    send(call) {
      const headers = { ...call.headers, authorization: `Bearer ${token}` };
      return send(request, to, { ...call, path: `${base}${call.path}`, headers });
    },
    unreachable: (cause) => unreachable(`no node answers at ${origin}`, cause),
  };
}

function unreachable(what: string, cause: unknown): ApiError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new ApiError(0, 'unreachable', `${what} (${code})`, 'Is it running?', { cause });
}

function send(
  request: typeof httpRequest,
  to: RequestOptions,
  { method, path, headers, body, signal }: TransportRequest,
): Promise<TransportAnswer> {
  return new Promise((resolve, reject) => {
    // No connection is kept: the process at its other end may be another by the next call.
    const call = request({ ...to, method, path, headers, signal, agent: false }, (answer: IncomingMessage) => {
      const { statusCode = 0 } = answer;
      resolve({ status: statusCode, headers: answer.headers, body: answer, cancel: () => void answer.destroy() });
    });
    call.once('error', reject);
    if (body === null || body instanceof Uint8Array || typeof body === 'string') {
      call.end(body ?? undefined);
      return;
    }
    // A node may answer before it has read everything, and then reads no more: what counts is its answer.
    pipeline(Readable.from(body), call).catch(reject);
  });
}
