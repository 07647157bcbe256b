import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Asked, ask } from './ask.ts';
import { BRIEF, Running } from './running.ts';

let running: Running;
beforeAll(async () => {
  running = await (await Running.found()).start();
}, 60_000);
afterAll(async () => {
  expect(running.defects).toEqual([]);
  await running.remove();
});

const json = { 'content-type': 'application/json' };
const brief = (change: object): Asked => ({
  method: 'POST',
  path: '/v1/briefs',
  headers: json,
  body: JSON.stringify({ ...BRIEF, ...change }),
});

const own = async (asked: Asked): Promise<readonly [number, string]> => {
  const { status, body } = await ask({ socketPath: running.folder.controlPath }, asked);
  const said = JSON.parse(body.toString() || '{}') as { readonly code?: string; readonly message?: string };
  return [status, `${said.code}: ${said.message}`];
};

describe('what is not as the document says is refused, and why', () => {
  it.each<readonly [string, Asked, number, RegExp]>([
    ['a path that is none', { path: '/v1/nothing' }, 404, /^not_found/],
    ['no version', { path: '/status' }, 404, /^not_found/],
    ['another method', { method: 'DELETE', path: '/v1/needs' }, 405, /takes GET/],
    ['a method of its own', { method: 'PROPFIND', path: '/v1/needs' }, 405, /takes GET/],
    ['OPTIONS: there is no CORS', { method: 'OPTIONS', path: '/v1/briefs' }, 405, /takes POST/],
    ['a number that is none', { path: '/v1/needs?limit=ten' }, 400, /query limit/],
    ['a number too large', { path: '/v1/needs?limit=501' }, 400, /query limit/],
    ['a number twice', { path: '/v1/needs?limit=1&limit=2' }, 400, /more than once/],
    ['a cursor that is none', { path: '/v1/needs?cursor=-1' }, 400, /query cursor/],
    ['an unknown parameter', { path: '/v1/needs?offset=1' }, 400, /does not take/],
    ['a prototype as a parameter', { path: '/v1/needs?__proto__=1' }, 400, /does not take/],
    ['a need that nobody knows', { path: '/v1/needs/abcdefgh' }, 404, /knows no such need/],
    ['too little of an id', { path: '/v1/needs/a' }, 404, /knows no such need/],
    ['bytes that are no text in a path', { path: '/v1/needs/%ff%fe%fd%fc%fb%fa' }, 404, /knows no such need/],
    [
      'an event id that is none',
      { path: '/v1/needs/x/events', headers: { 'last-event-id': '1' } },
      400,
      /last-event-id/,
    ],
    ['a CID that is none', { path: '/v1/blocks/b123' }, 400, /path cid/],
    ['a CID of no network', { path: `/v1/blocks/b${'a'.repeat(58)}` }, 400, /no CID/],
    ['a file without a size', { path: `/v1/files/b${'a'.repeat(58)}` }, 400, /query size: it lacks/],
    ['no JSON', { ...brief({}), body: '{' }, 400, /no JSON/],
    ['no UTF-8', { ...brief({}), body: Buffer.from([0x22, 0xff, 0x22]) }, 400, /no JSON in UTF-8/],
    ['JSON that is no object', { ...brief({}), body: '[]' }, 400, /the body/],
    ['no body', { method: 'POST', path: '/v1/briefs', headers: json }, 400, /no JSON/],
    ['deep JSON', { ...brief({}), body: '['.repeat(60_000) }, 400, /no JSON/],
    ['a field that is unknown', brief({ tip: 1 }), 400, /tip/],
    ['a field of another type', brief({ maxStatements: '3' }), 400, /maxStatements/],
    ['an amount that is no integer', brief({ priceCap: 1.5 }), 400, /priceCap/],
    ['an amount below zero', brief({ seatFee: -1 }), 400, /seatFee/],
    ['a blank question', brief({ question: ' \n ' }), 400, /question/],
    ['a question that is no text', brief({ question: '\ud800' }), 400, /question/],
    ['a question of too many bytes', brief({ question: 'ä'.repeat(2_049) }), 400, /question/],
    ['a folder that is not absolute', brief({ folder: 'docs' }), 400, /absolute/],
    [
      'a folder that is not there',
      brief({ folder: '/no/such/folder' }),
      409,
      /refused: there is no folder \/no\/such\/folder/,
    ],
    ['a file for a folder', brief({ folder: process.execPath }), 409, /refused: \S+ is a file, not a folder/],
    ['a folder with NUL', brief({ folder: '/a\0b' }), 409, /refused: cannot read/],
    ['more than there is', brief({ priceCap: 1e15 }), 409, /refused: .*credits/],
    ['a key with a blank', { ...brief({}), headers: { ...json, 'idempotency-key': 'a b' } }, 400, /idempotency-key/],
    [
      'a key too long',
      { ...brief({}), headers: { ...json, 'idempotency-key': 'a'.repeat(129) } },
      400,
      /idempotency-key/,
    ],
    ['a compressed body', { ...brief({}), headers: { ...json, 'content-encoding': 'gzip' } }, 415, /encoding/],
    [
      'a form',
      { ...brief({}), headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      /application\/json/,
    ],
    [
      'a body too long, not announced',
      { ...brief({}), headers: { ...json, 'transfer-encoding': 'chunked' }, body: ' '.repeat(65_537) },
      413,
      /65536/,
    ],
    ['an expectation', { path: '/v1/health', headers: { expect: 'miracles' } }, 417, /Expect/],
  ])('%s', async (_, asked, status, said) => {
    const answer = await own(asked);
    expect(answer).toEqual([status, expect.stringMatching(said)]);
  });

  it('HEAD, which has no body', async () => {
    const { status, body } = await ask(running, { method: 'HEAD', path: '/v1/health' });
    expect([status, body.length]).toEqual([405, 0]);
  });
});

describe('what is no request at all', () => {
  const said = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(running.folder.controlPath, () => socket.write(bytes));
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });

  it.each([
    ['noise', 'noise\r\n\r\n', 400],
    ['no Host', 'GET /v1/health HTTP/1.1\r\n\r\n', 400],
    ['two lengths', 'POST /v1/stop HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
    [
      'a length and chunks',
      'POST /v1/stop HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a header with NUL', 'GET /v1/health HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n', 400],
    ['long headers', `GET /v1/health HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['a long line', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
    ['an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
    ['a Host that is no name', 'GET /v1/health HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
  ])('%s', async (_, bytes, status) => {
    const text = await said(bytes);
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const [, body = ''] = text.split('\r\n\r\n');
    if (body !== '') expect(JSON.parse(body)).toMatchObject({ code: expect.any(String), hint: expect.any(String) });
    expect(text).not.toMatch(/node_modules|\.ts:|at .*\(/);
  });
});
