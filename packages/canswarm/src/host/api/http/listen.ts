import { createServer, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEMS, type ProblemCode } from '@canswarm/api';
import { getRequestListener } from '@hono/node-server';
import { answerHeaders, Problem, problemAnswer } from './problem.ts';

/** Connections of one door; more are closed at once. */
const CONNECTIONS_MAX = 1_024;
const HEADER_BYTES_MAX = 16_384;
const HEADERS_MAX = 64;
const KEEP_ALIVE_MS = 5_000;
/** How often what takes too long is looked for, ms. */
const LOOK_MS = 1_000;

export interface ListenOptions {
  readonly fetch: Parameters<typeof getRequestListener>[0];
  /** Told of failures that nobody foresaw. */
  readonly onDefect: (where: string, error: unknown) => void;
  /** How long a connection may take nothing of what is due to it before it is let go, ms. */
  readonly stallMs: number;
  /** How long headers, and a whole request, may take to arrive, ms. */
  readonly headersMs: number;
  readonly arrivalMs: number;
}

/** A server that hands requests to the application, with its limits of time and size. */
export function httpServer({ fetch, onDefect, stallMs, headersMs, arrivalMs }: ListenOptions): Server {
  const listener = getRequestListener(fetch, {
    overrideGlobalObjects: false,
    errorHandler(error) {
      if (error instanceof Error && error.name === 'RequestError') {
        return problemAnswer(new Problem('malformed', 'the request line or its Host header is malformed'));
      }
      onDefect('a request', error);
      return problemAnswer(new Problem('defect', 'the node met a defect'));
    },
  });
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: headersMs,
      requestTimeout: arrivalMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // A request without one is refused below, and told why.
      requireHostHeader: false,
      connectionsCheckingInterval: Math.min(LOOK_MS, headersMs / 2),
    },
    (incoming, outgoing) => {
      listener(incoming, outgoing).catch((error: unknown) => {
        onDefect('a request', error);
        outgoing.destroy();
      });
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.maxHeadersCount = HEADERS_MAX;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuse(error, socket));
  server.on('checkExpectation', (_request, response) => {
    response.writeHead(417, answerHeaders('application/json'));
    response.end(
      JSON.stringify({ code: 'malformed', message: 'the Expect header asks for what is not known', hint: '' }),
    );
  });
  letGoOfStalled(server, stallMs);
  return server;
}

/** What the parser refused: it never becomes a request, so it is answered on the wire. */
function refuse({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || code === 'ECONNRESET') return void socket.destroy();
  const [status, name, message]: readonly [number, ProblemCode, string] =
    code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? [PROBLEMS.timeout.status, 'timeout', 'the request took too long to arrive']
      : code === 'HPE_HEADER_OVERFLOW'
        ? [431, 'too_large', `the headers have more than ${HEADER_BYTES_MAX} bytes`]
        : [PROBLEMS.malformed.status, 'malformed', 'this is no HTTP request'];
  const body = JSON.stringify({ code: name, message, hint: '' });
  const headers = answerHeaders('application/json', { connection: 'close', 'content-length': `${body.length}` });
  const lines = Object.entries(headers).map(([key, value]) => `${key}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  socket.destroySoon();
}

interface Progress {
  taken: number;
  atMs: number;
}

/** Ends connections that take nothing of what waits for them: their bytes must not be kept for ever. */
function letGoOfStalled(server: Server, stallMs: number): void {
  const connections = new Map<Socket, Progress>();
  server.on('connection', (socket: Socket) => {
    connections.set(socket, { taken: 0, atMs: performance.now() });
    socket.once('close', () => connections.delete(socket));
  });
  const look = (): void => {
    const nowMs = performance.now();
    for (const [socket, progress] of connections) {
      const taken = socket.bytesWritten - socket.writableLength;
      if (socket.writableLength === 0 || taken !== progress.taken) Object.assign(progress, { taken, atMs: nowMs });
      else if (nowMs - progress.atMs >= stallMs) socket.destroy();
    }
  };
  const timer = setInterval(look, Math.min(LOOK_MS, stallMs / 2));
  server.once('close', () => clearInterval(timer));
}

/** Listens at a path or an address. Rejects with the system's error. */
export const listen = (
  server: Server,
  at: { readonly path: string } | { readonly host: string; readonly port: number },
): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      server.off('error', reject);
      resolve();
    });
  });

/** Ends every connection and stops listening. */
export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
