import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiClient, ApiError, bytesOf, httpTransport, socketTransport } from '../src/index.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that answers as a test says, and a client of it. */
async function serving(handle: Handle): Promise<ApiClient> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as { readonly port: number };
  return new ApiClient(httpTransport({ baseUrl: `http://127.0.0.1:${port}`, token: 'the-token' }));
}

const json = (response: ServerResponse, status: number, value: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

/** What a call fails with. */
async function failure(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error(`no ApiError but ${String(error)}`);
  return error;
}

describe('a call', () => {
  it('says what it wants: method, path, query, headers, body, token', async () => {
    const seen: unknown[] = [];
    const client = await serving((request, response) => {
      const { method, url, headers } = request;
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => {
        seen.push([method, url, headers.authorization, headers['idempotency-key'], headers['content-type'], body]);
        json(response, 200, {});
      });
    });
    const body = { folder: '/docs', question: 'why?', maxStatements: 1, priceCap: 2, seatFee: 3 };
    await client.postBrief({ body, idempotencyKey: 'k' });
    await client.listNeeds({ limit: 5 });
    await client.getNeed({ id: 'a/b c?' });
    for await (const _ of await client.needResultFile({ id: 'n', name: 'proof/a b.car', includeSources: true }));
    await client.putFile({ body: new Uint8Array([65, 66]) });
    const [token, none] = ['Bearer the-token', undefined];
    expect(seen).toEqual([
      ['POST', '/v1/briefs', token, 'k', 'application/json', JSON.stringify(body)],
      ['GET', '/v1/needs?limit=5', token, none, none, ''],
      ['GET', '/v1/needs/a%2Fb%20c%3F', token, none, none, ''],
      ['GET', '/v1/needs/n/result/files/proof/a%20b.car?includeSources=true', token, none, none, ''],
      ['PUT', '/v1/files', token, none, 'application/octet-stream', 'AB'],
    ]);
  });

  it('asks a busy node again, with the same body, until it is taken', async () => {
    const bodies: string[] = [];
    const client = await serving((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => {
        bodies.push(body);
        if (bodies.length < 4) json(response, 503, { code: 'busy', message: 'two at once', hint: '' });
        else json(response, 200, { cid: 'c', size: 2 });
      });
    });
    expect(await client.putFile({ body: new Uint8Array([65, 66]) })).toEqual({ cid: 'c', size: 2 });
    expect(bodies).toEqual(['AB', 'AB', 'AB', 'AB']);
  });

  it('that a busy node never takes fails with what it says, or ends as its caller says', async () => {
    let asked = 0;
    const client = await serving((_, response) => {
      asked += 1;
      json(response, 503, { code: 'busy', message: 'two at once', hint: '' });
    });
    const file = { body: new Uint8Array([65]) };
    expect(await failure(client.putFile(file, { timeoutMs: 1_500 }))).toMatchObject({ status: 503, code: 'busy' });
    expect(asked).toBeGreaterThan(1);
    const [gone, reason] = [new AbortController(), new Error('enough')];
    const call = client.putFile(file, { signal: gone.signal });
    setTimeout(() => gone.abort(reason), 300);
    await expect(call).rejects.toBe(reason);
    asked = 0;
    const stream = (async function* () {
      yield new Uint8Array([65]);
    })();
    expect(await failure(client.putFile({ body: stream }))).toMatchObject({ code: 'busy' });
    expect(asked).toBe(1);
  });

  it('fails with what the node says', async () => {
    const said = { code: 'not_final', message: 'not yet', hint: 'wait' };
    const client = await serving((_, response) => json(response, 409, said));
    expect(await failure(client.needResult({ id: 'x' }))).toMatchObject({ status: 409, ...said });
    expect(await failure(client.needEvents({ id: 'x' }).next())).toMatchObject({ status: 409, ...said });
    expect(await failure(client.getBlock({ cid: 'x' }))).toMatchObject({ status: 409, ...said });
  });

  it.each<readonly [string, Handle]>([
    ['no JSON', (_, response) => response.end('<html>')],
    ['a failure that is no problem', (_, response) => json(response, 500, { error: 'x' })],
    ['a problem of another version', (_, response) => json(response, 400, { code: 'new', message: 'x', hint: '' })],
    ['a page of a proxy', (_, response) => response.writeHead(502).end('Bad Gateway')],
  ])('fails when the answer is %s', async (_, handle) => {
    expect((await failure((await serving(handle)).status())).code).toBe('answer_broken');
  });

  it('fails when nobody answers there', async () => {
    const nowhere = new ApiClient(socketTransport('/no/such.sock'));
    expect(await failure(nowhere.health())).toMatchObject({ status: 0, code: 'unreachable' });
    expect(((await failure(nowhere.health())).cause as { readonly code: string }).code).toBe('ENOENT');
    const client = await serving((request) => void request.socket.destroy());
    expect((await failure(client.health())).code).toBe('unreachable');
  });

  it('fails when the answer does not come in time, or does not end', async () => {
    const silent = await serving(() => undefined);
    expect((await failure(silent.health({ timeoutMs: 30 }))).code).toBe('late');
    const endless = await serving((_, response) => void response.writeHead(200).write('{'));
    expect((await failure(endless.health({ timeoutMs: 30 }))).code).toBe('late');
  });

  it('ends with the reason of its signal', async () => {
    const client = await serving(() => undefined);
    const gone = new AbortController();
    const call = client.health({ signal: gone.signal });
    gone.abort(new Error('enough'));
    await expect(call).rejects.toBe(gone.signal.reason);
    await expect(client.health({ signal: gone.signal })).rejects.toBe(gone.signal.reason);
  });

  it('takes an answer that comes before the body was sent', async () => {
    const said = { code: 'too_large', message: 'too much', hint: '' };
    const client = await serving((request, response) => {
      json(response, 413, said);
      request.resume();
    });
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < 512; at += 1) yield new Uint8Array(65_536);
    }
    expect(await failure(client.putFile({ body: endless() }))).toMatchObject({ status: 413, code: 'too_large' });
  });
});

describe('bytes', () => {
  it('are no more than the caller takes', async () => {
    const client = await serving((_, response) => response.end('12345'));
    expect(await bytesOf(await client.getBlock({ cid: 'x' }), 5)).toEqual(new Uint8Array(Buffer.from('12345')));
    expect((await failure(client.getBlock({ cid: 'x' }).then((stream) => bytesOf(stream, 4)))).code).toBe(
      'answer_broken',
    );
    const chunked = await serving((_, response) => {
      response.write('123');
      response.end('45');
    });
    expect((await failure(chunked.getBlock({ cid: 'x' }).then((stream) => bytesOf(stream, 4)))).code).toBe(
      'answer_broken',
    );
  });

  it('that end too early are no answer', async () => {
    const client = await serving((_, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('123', () => response.destroy());
    });
    expect((await failure(client.getBlock({ cid: 'x' }).then((stream) => bytesOf(stream, 99)))).code).toBe(
      'unreachable',
    );
  });
});

describe('events', () => {
  it('come whole however they are cut, with their ids and without comments', async () => {
    const text =
      ': hello\n\nretry: 5\n\nid: 1.0\nevent: gap\ndata: {"after":1,\ndata: "until":2}\n\nevent: gap\ndata: {"ü":"😀"}\n\n';
    const bytes = Buffer.from(text);
    const client = await serving((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const next = (at: number): void => {
        if (at >= bytes.length) response.end();
        else response.write(bytes.subarray(at, at + 3), () => next(at + 3));
      };
      next(0);
    });
    const events: unknown[] = [];
    for await (const event of client.needEvents({ id: 'x' })) events.push(event);
    expect(events).toEqual([
      { type: 'gap', id: '1.0', data: { after: 1, until: 2 } },
      { type: 'gap', id: null, data: { ü: '😀' } },
    ]);
  });

  it('that are no JSON, or too long, are no answer', async () => {
    const broken = await serving((_, response) => response.end('data: {\n\n'));
    expect((await failure(broken.needEvents({ id: 'x' }).next())).code).toBe('answer_broken');
    const long = await serving((_, response) => void response.write(`data: ${'x'.repeat(17 * 1024 * 1024)}`));
    expect((await failure(long.needEvents({ id: 'x' }).next())).code).toBe('answer_broken');
  });

  it('do not come after 204', async () => {
    const client = await serving((_, response) => response.writeHead(204).end());
    expect(await client.needEvents({ id: 'x', lastEventId: '1.1' }).next()).toEqual({ done: true, value: undefined });
  });
});
