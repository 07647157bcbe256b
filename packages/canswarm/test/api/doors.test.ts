import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tcpDoor } from '../../src/host/api/http/door.ts';
import { Problem } from '../../src/host/api/http/problem.ts';
import { apiToken } from '../../src/host/api/token.ts';
import { ask } from './ask.ts';
import { Running } from './running.ts';

let running: Running;
beforeAll(async () => {
  running = await (await Running.found()).start();
}, 60_000);
afterAll(() => running.remove());

/** The code of the Problem that something throws, or null. */
function codeOf(act: () => void): string | null {
  try {
    act();
    return null;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.code;
  }
}

describe('the socket', () => {
  it('is for its owner alone, who needs no token', async () => {
    const { controlPath } = running.folder;
    expect(statSync(controlPath).mode & 0o777).toBe(0o600);
    expect(await ask({ socketPath: controlPath }, { path: '/v1/status' })).toMatchObject({ status: 200 });
  });

  it('has commands stop the node once they have their answer', async () => {
    expect(await running.client().stop()).toEqual({ stopping: true });
    await expect.poll(() => running.stops).toBe(1);
  });
});

describe('TCP', () => {
  it('is entered with the token of the folder, which stays the same', async () => {
    const { tokenPath } = running.folder;
    const before = readFileSync(tokenPath, 'utf8');
    expect(statSync(tokenPath).mode & 0o777).toBe(0o600);
    expect(before).toMatch(/^[A-Za-z0-9_-]{43}\n$/);
    expect((await running.far().status()).api).toBe(running.address);
    await running.stop();
    await running.start();
    expect(readFileSync(tokenPath, 'utf8')).toBe(before);
  });

  it.each([
    ['', 401],
    ['Bearer', 401],
    ['Bearer ', 401],
    ['Basic dXNlcjpwYXNz', 401],
    [`Bearer ${'a'.repeat(43)}`, 401],
    [`Bearer ${'a'.repeat(4_000)}`, 401],
  ])('is closed to %s', async (authorization, status) => {
    expect((await ask(running, { path: '/v1/status', headers: { authorization } })).status).toBe(status);
  });

  it('takes the token whatever the case of its scheme, and no other', async () => {
    const answered = async (authorization: string): Promise<number> =>
      (await ask(running, { path: '/v1/status', headers: { authorization } })).status;
    expect(await answered(`bearer ${running.token}`)).toBe(200);
    expect(await answered(`BEARER   ${running.token}`)).toBe(200);
    expect(await answered(`Bearer ${running.token}x`)).toBe(401);
    expect(await answered(`Bearer ${running.token.slice(1)}`)).toBe(401);
    expect(await answered(`Bearer ${running.token} ${running.token}`)).toBe(401);
  });

  it('answers who has no token about its health and its document alone', async () => {
    expect((await ask(running, { path: '/v1/health' })).status).toBe(200);
    expect((await ask(running, { path: '/v1/openapi.json' })).status).toBe(200);
    for (const path of ['/v1/status', '/v1/needs', '/v1/reach'])
      expect((await ask(running, { path })).status).toBe(401);
  });

  it.each(['127.0.0.1', '127.0.0.1:4100', 'localhost', 'LOCALHOST:1', '[::1]:4100', '192.0.2.1'])(
    'is called %s',
    (host) => {
      expect(codeOf(() => tcpDoor('t').checkHost(host))).toBeNull();
    },
  );

  it.each([
    'evil.example',
    'evil.example:4100',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '',
    '127.0.0.1:x',
    '[::1',
    'a@127.0.0.1',
  ])('is not called %s', (host) => {
    expect(codeOf(() => tcpDoor('t').checkHost(host))).toBe('host_refused');
  });

  it('does not open to other machines unless that is meant', async () => {
    const other = await Running.found();
    await expect(other.start({ settings: { 'api.address': '0.0.0.0' } })).rejects.toThrow(
      /reached from other machines/,
    );
    await other.remove();
  });

  it('says when its port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', () => resolve()));
    const { port } = taken.address() as { port: number };
    const other = await Running.found();
    await expect(other.start({ settings: { 'api.port': String(port) } })).rejects.toThrow(
      /cannot listen at .*EADDRINUSE/,
    );
    taken.close();
    await other.remove();
  });
});

describe('the token', () => {
  it('is made anew when its file holds none, and refused when others may read it', async () => {
    const path = `${running.folder.path}/another-token`;
    writeFileSync(path, 'short\n', { mode: 0o600 });
    const made = apiToken(path);
    expect(made).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(apiToken(path)).toBe(made);
    writeFileSync(`${path}-open`, `${made}\n`, { mode: 0o644 });
    expect(() => apiToken(`${path}-open`)).toThrow(/other users can read it/);
  });
});
