import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EXIT, main } from '../src/index.ts';
import { fakeIo, lastJson } from './fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'canswarm-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `canswarm config ...` in a home of that name. */
async function config(home: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const io = fakeIo({ env });
  const exit = await main(['config', ...argv, '--home', join(folder, home)], io);
  return { exit, out: io.out.text, err: io.err.text, json: () => lastJson(io) };
}

describe('config', () => {
  it('shows each value and where it came from', async () => {
    await config('a', ['set', 'skill.threads', '3']);
    const env = { CANSWARM_LOG_LEVEL: 'debug' };
    const { out, exit } = await config('a', ['show', '--listen-port', '7'], env);
    expect(exit).toBe(EXIT.ok);
    expect(out).toMatch(/^listen\.port +7 +--listen-port$/m);
    expect(out).toMatch(/^log\.level +debug +CANSWARM_LOG_LEVEL$/m);
    expect(out).toMatch(/^skill\.threads +3 threads +\/.*canswarm\.config\.json$/m);
    expect(out).toMatch(/^content\.bytes-max +256MiB +default$/m);
    const shown = (await config('a', ['show', '--listen-port', '7', '--json'], env)).json();
    expect(shown).toMatchObject({
      settings: expect.arrayContaining([
        expect.objectContaining({ key: 'listen.port', value: 7, from: 'flag', default: 0 }),
        expect.objectContaining({ key: 'log.level', value: 'debug', from: 'variable' }),
        expect.objectContaining({ key: 'skill.threads', value: 3, from: 'file', unit: 'threads' }),
      ]),
    });
  });

  it('has a flag for each setting in its help', async () => {
    const { out } = await config('b', ['show', '--help']);
    expect(out).toMatch(/--content-bytes-max <bytes>/);
    expect(out.replace(/\s+/g, ' ')).toContain('variable: CANSWARM_CONTENT_BYTES_MAX');
  });

  it('leaves settings of a node out of the help of work on its log', async () => {
    for (const command of ['migrate', 'recover']) {
      const io = fakeIo();
      expect(await main([command, 'log', '--help'], io)).toBe(EXIT.ok);
      expect(io.out.text).toMatch(/--network <name>[\s\S]*--etcd-endpoints <urls>[\s\S]*--log-level/);
      expect(io.out.text).not.toMatch(/--listen-port|--plants-percent|--log <|--skill-threads/);
    }
  });

  it('sets and takes out', async () => {
    const set = await config('c', ['set', 'content.bytes-max', '64MiB', '--json']);
    expect(set.json()).toMatchObject({ key: 'content.bytes-max', value: 67_108_864 });
    const { path } = (await config('c', ['path', '--json'])).json() as { path: string };
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ version: 1, 'content.bytes-max': 67_108_864 });
    expect((await config('c', ['unset', 'content.bytes-max'])).out).toContain('256MiB, the default');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ version: 1 });
    expect((await config('c', ['path'])).out).toBe(`${path}\n`);
  });

  it('says when what was set does not hold', async () => {
    const { err } = await config('d', ['set', 'mdns', 'on'], { CANSWARM_MDNS: 'off' });
    expect(err).toContain('CANSWARM_MDNS is set, and wins over the file');
  });

  it.each([
    [['set', 'listn.port', '1'], /did you mean listen\.port\?/],
    [['set', 'listen.port', 'x'], /a whole number from 0 to 65535 is due/],
    [['set', 'listen.port'], /missing required argument 'value'/],
    [['unset', 'zebra'], /there is no setting "zebra"/],
    [['show', '--listen-port', '-1'], /--listen-port is "-1"/],
    [['show', '--listn-port', '1'], /unknown option '--listn-port'.*\n?.*--listen-port/],
    [['fly'], /unknown command 'fly'/],
  ] satisfies [string[], RegExp][])('%j is refused', async (argv, said) => {
    const { exit, out, err } = await config('e', argv);
    expect(err).toMatch(said);
    expect(err).toMatch(/canswarm config/);
    expect([exit, out]).toEqual([EXIT.usage, '']);
  });

  it('of a file that is not right says what is wrong', async () => {
    const { json } = await config('f', ['set', 'mdns', 'on', '--json']);
    const { path } = json() as { path: string };
    writeFileSync(path, '{"version":1,"logLevel":"debug"}');
    const { exit, err } = await config('f', ['show']);
    expect([exit, err]).toEqual([EXIT.usage, expect.stringContaining('did you mean log.level?')]);
  });

  it('warns about a variable that means nothing', async () => {
    const { err, exit } = await config('g', ['show'], { CANSWARM_LISTEN_PROT: '1' });
    expect([exit, err]).toEqual([EXIT.ok, expect.stringContaining('did you mean CANSWARM_LISTEN_PORT?')]);
  });
});
