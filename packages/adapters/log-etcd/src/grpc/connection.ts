import type { SecureClientSessionOptions } from 'node:http2';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { CallError, GRPC } from './call-error.ts';
import { framed, Unframer } from './frames.ts';

/** How long a connection may take to stand, ms. */
const CONNECT_MS = 2_000;
/** A connection in use is asked for a sign of life this often, and dropped when none comes for as long, ms. */
const PING_MS = 1_000;
/** What a server may send ahead of its reader: on one stream, and on all of a connection. */
const STREAM_WINDOW = 1024 * 1024;
const SESSION_WINDOW = 16 * 1024 * 1024;

export interface ConnectionOptions {
  /** `http://host:port`, or https. */
  readonly endpoint: string;
  /** Read anew for each connection, so that certificates which were renewed are taken up. */
  readonly tls: () => SecureClientSessionOptions;
}

export interface CallOptions {
  readonly headers: OutgoingHttpHeaders;
  readonly timeoutMs: number;
}

/** A call in both directions that lasts. */
export interface Duplex {
  send(message: Uint8Array): void;
  /** What the server says, as fast as it is read. Throws a CallError when the call breaks; ends after `close`. */
  readonly messages: AsyncIterable<Buffer>;
  close(): void;
}

/**
 * gRPC to one endpoint over one HTTP/2 connection, made when it is needed and again after it broke.
 *
 * Invariants: every call ends, by its answer, its deadline or the end of the connection; a server that says nothing for
 * two intervals of pings has no connection left.
 */
export class Connection {
  readonly endpoint: string;
  readonly #tls: ConnectionOptions['tls'];
  #session: Promise<ClientHttp2Session> | null = null;
  #closed = false;

  constructor({ endpoint, tls }: ConnectionOptions) {
    this.endpoint = endpoint;
    this.#tls = tls;
  }

  /** Sends one message and gives the answer. Rejects with a CallError. */
  async unary(path: string, message: Uint8Array, { headers, timeoutMs }: CallOptions): Promise<Buffer> {
    const endsAt = performance.now() + timeoutMs;
    const session = await this.#open(timeoutMs);
    const leftMs = Math.max(1, Math.ceil(endsAt - performance.now()));
    const stream = this.#request(session, path, { ...headers, 'grpc-timeout': `${leftMs}m` });
    const answer = new Answer(stream, this.endpoint);
    const timer = setTimeout(() => {
      answer.fail(new CallError(GRPC.deadlineExceeded, `no answer within ${timeoutMs} ms`, this.endpoint));
      stream.close(constants.NGHTTP2_CANCEL);
    }, leftMs);
    stream.end(framed(message));
    try {
      const messages: Buffer[] = [];
      for await (const next of answer.messages()) messages.push(next);
      const [first] = messages;
      if (first === undefined) throw new CallError(GRPC.unknown, 'the server answered with nothing', this.endpoint);
      return first;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Opens a call that lasts. Rejects with a CallError when there is no connection. */
  async duplex(path: string, headers: OutgoingHttpHeaders): Promise<Duplex> {
    const session = await this.#open(CONNECT_MS);
    const stream = this.#request(session, path, headers);
    const answer = new Answer(stream, this.endpoint);
    return {
      send: (message) => void (stream.writable && stream.write(framed(message))),
      messages: answer.messages(),
      close: () => {
        answer.finish();
        stream.close(constants.NGHTTP2_CANCEL);
      },
    };
  }

  /** Ends the connection and every call on it. Idempotent. */
  close(): void {
    this.#closed = true;
    void this.#session?.then(
      (session) => session.destroy(),
      () => {},
    );
    this.#session = null;
  }

  /** A session that has just ended says so by throwing. */
  #request(session: ClientHttp2Session, path: string, headers: OutgoingHttpHeaders): ClientHttp2Stream {
    try {
      return session.request(headersOf(path, headers));
    } catch (error) {
      throw new CallError(GRPC.unavailable, 'the connection was closed', this.endpoint, { cause: error });
    }
  }

  async #open(timeoutMs: number): Promise<ClientHttp2Session> {
    if (this.#closed) throw new CallError(GRPC.cancelled, 'the client is closed', this.endpoint);
    this.#session ??= this.#connect();
    const opening = this.#session;
    const late = Promise.withResolvers<never>();
    const error = new CallError(GRPC.unavailable, `no connection within ${timeoutMs} ms`, this.endpoint);
    const timer = setTimeout(() => late.reject(error), timeoutMs);
    try {
      return await Promise.race([opening, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  #connect(): Promise<ClientHttp2Session> {
    const { promise, resolve, reject } = Promise.withResolvers<ClientHttp2Session>();
    const gone = (): void => {
      if (this.#session === promise) this.#session = null;
    };
    const failed = (error: unknown): void => {
      gone();
      const what = error instanceof Error ? error.message : String(error);
      reject(new CallError(GRPC.unavailable, what, this.endpoint, { cause: error }));
    };
    try {
      const session = connect(this.endpoint, { ...this.#tls(), settings: { initialWindowSize: STREAM_WINDOW } });
      const slow = setTimeout(() => session.destroy(new Error(`no connection within ${CONNECT_MS} ms`)), CONNECT_MS);
      let pings: NodeJS.Timeout | undefined;
      session.once('connect', () => {
        clearTimeout(slow);
        // On a machine that is slow the connection may stand just after it was given up.
        if (session.destroyed) return;
        session.setLocalWindowSize(SESSION_WINDOW);
        pings = keepAlive(session);
        resolve(session);
      });
      session.on('error', failed);
      session.on('goaway', gone);
      session.once('close', () => {
        clearTimeout(slow);
        clearInterval(pings);
        failed(new Error('the connection was closed'));
      });
    } catch (error) {
      failed(error);
    }
    return promise;
  }
}

/** Destroys a session whose server is silent. */
function keepAlive(session: ClientHttp2Session): NodeJS.Timeout {
  let isAnswered = true;
  const timer = setInterval(() => {
    if (session.destroyed) return;
    if (!isAnswered) {
      session.destroy(new Error(`no sign of life within ${PING_MS} ms`));
      return;
    }
    isAnswered = false;
    session.ping((error) => {
      isAnswered = error === null;
    });
  }, PING_MS);
  return timer.unref();
}

const headersOf = (path: string, headers: OutgoingHttpHeaders): OutgoingHttpHeaders => ({
  ':method': 'POST',
  ':path': path,
  'content-type': 'application/grpc',
  te: 'trailers',
  ...headers,
});

/** What comes back on a stream: messages, then the status of the call. */
class Answer {
  readonly #stream: ClientHttp2Stream;
  readonly #endpoint: string;
  #status: number | null = null;
  #message = '';
  #failure: unknown = null;
  #finished = false;

  constructor(stream: ClientHttp2Stream, endpoint: string) {
    this.#stream = stream;
    this.#endpoint = endpoint;
    stream.on('response', (headers) => this.#take(headers, headers[':status']));
    stream.on('trailers', (headers) => this.#take(headers, undefined));
    // Errors are told to who reads; none may reach the process because nobody reads yet.
    stream.on('error', (error) => this.fail(error));
  }

  fail(error: unknown): void {
    this.#failure ??= error;
  }

  /** The reader has what it wants: whatever the stream still says is no error. */
  finish(): void {
    this.#finished = true;
  }

  async *messages(): AsyncGenerator<Buffer, void, undefined> {
    const unframer = new Unframer();
    try {
      for await (const chunk of this.#stream) yield* unframer.push(chunk);
    } catch (error) {
      this.fail(error);
    }
    const error = this.#error();
    if (error !== null) throw error;
  }

  #error(): CallError | null {
    if (this.#finished || (this.#status === GRPC.ok && this.#failure === null)) return null;
    if (this.#failure instanceof CallError) return this.#failure;
    if (this.#status !== null) return new CallError(this.#status, this.#message, this.#endpoint);
    const what = this.#failure instanceof Error ? this.#failure.message : 'the connection broke';
    return new CallError(GRPC.unavailable, what, this.#endpoint, { cause: this.#failure });
  }

  #take(headers: Readonly<Record<string, unknown>>, status: unknown): void {
    if (status !== undefined && status !== 200) {
      this.fail(new CallError(GRPC.unavailable, `answered as no etcd does: HTTP status ${status}`, this.#endpoint));
    }
    const { 'grpc-status': code, 'grpc-message': message } = headers;
    if (code === undefined) return;
    this.#status = Number(code);
    this.#message = typeof message === 'string' ? decoded(message) : '';
  }
}

function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
