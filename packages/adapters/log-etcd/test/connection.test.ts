import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CallError, GRPC } from '../src/grpc/call-error.ts';
import { Connection } from '../src/grpc/connection.ts';
import { framed } from '../src/grpc/frames.ts';

/** A server that does with a call what it is told, and a connection to it. */
async function serverThat(answers: (stream: ServerHttp2Stream, server: Http2Server) => void): Promise<Connection> {
  const server = createServer();
  server.on('sessionError', () => {});
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    answers(stream, server);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const connection = new Connection({ endpoint: `http://127.0.0.1:${port}`, tls: () => ({}) });
  onTestFinished(() => {
    connection.close();
    server.close();
  });
  return connection;
}

const call = (connection: Connection): Promise<Buffer> =>
  connection.unary('/a/B', Uint8Array.of(1), { headers: {}, timeoutMs: 500 });

async function statusOf(connection: Connection): Promise<number> {
  const error: unknown = await call(connection).catch((thrown: unknown) => thrown);
  if (!(error instanceof CallError)) throw new Error(`no CallError: ${String(error)}`);
  return error.status;
}

const respond = (stream: ServerHttp2Stream, body: Buffer, status: string): void => {
  stream.respond({ ':status': 200 }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status, 'grpc-message': 'it%20says' }));
  stream.end(body);
};

describe('a call', () => {
  it('gives the answer', async () => {
    const connection = await serverThat((stream) => respond(stream, framed(Uint8Array.of(7, 8)), '0'));
    expect(await call(connection)).toEqual(Buffer.of(7, 8));
  });

  it('gives the status of the server, in its words', async () => {
    const connection = await serverThat((stream) => respond(stream, Buffer.alloc(0), '7'));
    await expect(call(connection)).rejects.toMatchObject({ status: GRPC.permissionDenied, message: 'it says' });
  });

  it('ends at its deadline when the server is silent', async () => {
    expect(await statusOf(await serverThat(() => {}))).toBe(GRPC.deadlineExceeded);
  });

  const misdeeds: readonly (readonly [string, (stream: ServerHttp2Stream) => void])[] = [
    ['breaks the connection', (stream) => stream.session?.destroy()],
    [
      'answers no gRPC',
      (stream) => {
        stream.respond({ ':status': 404 });
        stream.end('no');
      },
    ],
    [
      'says nothing of how it ended',
      (stream) => {
        stream.respond({ ':status': 200 });
        stream.end();
      },
    ],
    [
      'cuts its answer',
      (stream) => {
        stream.respond({ ':status': 200 });
        stream.write(Buffer.of(0, 0));
        stream.close(2);
      },
    ],
  ];
  it.each(misdeeds)('fails when the server %s, and the next one is served anew', async (_what, answers) => {
    let calls = 0;
    const connection = await serverThat((stream) => {
      calls += 1;
      if (calls === 1) answers(stream);
      else respond(stream, framed(Uint8Array.of(7)), '0');
    });
    expect(await statusOf(connection)).toBe(GRPC.unavailable);
    expect(await call(connection)).toEqual(Buffer.of(7));
  });

  it('fails when nobody listens, and when it was given up while it was connecting', async () => {
    const nobody = new Connection({ endpoint: 'http://127.0.0.1:9', tls: () => ({}) });
    expect(await statusOf(nobody)).toBe(GRPC.unavailable);
    nobody.close();
    expect(await statusOf(nobody)).toBe(GRPC.cancelled);
  });
});
