import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT, main } from '../src/index.ts';
import { fakeIo, lastJson } from './fake-io.ts';

const BIN = fileURLToPath(new URL('../bin/canswarm.ts', import.meta.url));
/** Longest start of two nodes, or of a need, on a busy machine, ms. */
const LONG_MS = 120_000;

let root = '';
let home = '';
let docs = '';

async function run(...argv: readonly string[]) {
  const io = fakeIo();
  const exit = await main([...argv, '--home', home], io);
  return { exit, out: io.out.text, err: io.err.text, io };
}

/** A node is a process of the command itself. */
const start = (...argv: readonly string[]) =>
  promisify(execFile)(process.execPath, [BIN, ...argv, '--detach', '--home', home]);

/** What a requester has free, micro-credits. */
async function freeOf(key: string): Promise<number> {
  const { io } = await run('stake', 'show', key, '--json');
  return (lastJson(io) as { readonly free: number }).free;
}

// The organisation that made the network is the last by name, so that no order of names makes it the default.
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'canswarm-two-'));
  home = join(root, 'home');
  docs = join(root, 'docs');
  mkdirSync(docs);
  writeFileSync(join(docs, 'release.md'), '# Release\n\nReleases are signed by two people of the release team.\n');
  await start('up', '--org', 'zeta');
  const { out } = await run('invite');
  await start('join', out.trim(), '--org', 'alpha');
}, LONG_MS);
afterAll(async () => {
  await run('down');
  rmSync(root, { recursive: true, force: true });
}, LONG_MS);

describe('a home with nodes of two organisations', () => {
  it('acts for the one that made the network, and says who pays', { timeout: LONG_MS }, async () => {
    const posted = await run('need', 'post', docs, '--ask', 'Who signs releases?');
    expect(posted).toMatchObject({
      exit: EXIT.ok,
      out: expect.stringMatching(/in escrow, as zeta-requester of zeta$/m),
    });
    const other = await run('need', 'post', docs, '--ask', 'Who signs?', '--node', 'alpha');
    expect(other).toMatchObject({
      exit: EXIT.ok,
      out: expect.stringMatching(/in escrow, as alpha-requester of alpha$/m),
    });
    const [needId = ''] = other.out.split('\n');
    const cancelled = async () => (await run('need', 'cancel', needId)).err;
    await expect.poll(cancelled, { timeout: LONG_MS }).toMatch(/somebody else[\s\S]*--node NAME/);
  });

  it('tells work that its agent gave back as what happened to it', { timeout: LONG_MS }, async () => {
    const [input, output] = ['in.json', 'out.json'].map((name) => join(root, name));
    writeFileSync(input ?? '', '{"type":"object"}');
    writeFileSync(output ?? '', '{"type":"object","properties":{"words":{"type":"integer"}},"required":["words"]}');
    const schemas = ['--input-schema', input ?? '', '--output-schema', output ?? ''];
    const offer = ['--name', 'miscounter', '--skill', 'miscount', '--description', 'Miscounts.', '--price', '0.1'];
    const io = fakeIo();
    const program = ['--node', 'alpha', '--home', home, '--', 'echo', '{"words":"many"}'];
    const agent = main(['agent', 'exec', ...offer, ...schemas, ...program], io);
    await expect.poll(() => io.err.text, { timeout: LONG_MS }).toContain('attached as miscounter of alpha');
    const { exit, out, err } = await run('hire', 'miscount', '--deadline', '2m', '--out', join(root, 'hired'));
    io.interrupt();
    await agent;
    expect([exit, out]).toEqual([EXIT.untrue, '']);
    expect(err).toMatch(/in escrow, as zeta-requester of zeta$/m);
    expect(err).toContain('no attempt passed and nobody else took it, so it was taken back');
    expect(err).toMatch(/miscounter of alpha, gave it back, since its own output would not pass: .*words/);
    expect(err).toContain('The input is not at fault');
    expect(err).not.toContain('cancelled by the requester');
  });

  it('points from a brief that was to be hired to the commands that have one', async () => {
    const { exit, out, err } = await run('hire', 'brief');
    expect([exit, out]).toEqual([EXIT.usage, '']);
    expect(err).toMatch(/canswarm need post FOLDER --ask[\s\S]*canswarm brief FOLDER --ask/);
  });

  it('stakes for verifiers alone, as the help has it', async () => {
    const free = await freeOf('zeta-requester');
    const refused = await run('stake', 'add', 'zeta-requester', '5');
    expect(refused).toMatchObject({ exit: EXIT.untrue, err: expect.stringContaining('is no verifier') });
    expect(refused.err).toContain('Verifiers of this node: verifier-01, ');
    const joined = await run('stake', 'add', 'alpha-worker', '5');
    expect(joined).toMatchObject({ exit: EXIT.untrue, err: expect.stringContaining('This node has no verifier') });
    expect(await freeOf('zeta-requester')).toBe(free);
    const poor = await run('stake', 'add', 'verifier-01', '50');
    expect(poor).toMatchObject({ exit: EXIT.untrue, err: expect.stringMatching(/canswarm pay send KEY did:key:/) });
    expect(await run('pay', 'send', 'zeta-requester', 'verifier-01', '51')).toMatchObject({ exit: EXIT.ok });
    expect(await run('stake', 'add', 'verifier-01', '50')).toMatchObject({ exit: EXIT.ok });
  });

  it('shows the log of a node by either way of naming it, and asks for a name', async () => {
    const [byWord, byFlag, both] = [
      await run('logs', 'alpha', '--lines', '1000'),
      await run('logs', '--node', 'alpha', '--lines', '1000'),
      await run('logs', 'alpha', '--node', 'alpha', '--lines', '1000'),
    ];
    expect(byWord.out).not.toBe('');
    for (const { exit, out } of [byFlag, both]) expect([exit, out.startsWith(byWord.out)]).toEqual([EXIT.ok, true]);
    expect(await run('logs')).toMatchObject({ exit: EXIT.usage, err: expect.stringContaining('logs --node NODE') });
  });

  it('names the node of the home whose worker is missed, while it does not run', { timeout: LONG_MS }, async () => {
    expect(await run('down', '--node', 'alpha')).toMatchObject({ exit: EXIT.ok });
    const { io } = await run('need', 'post', docs, '--ask', 'Who signs releases?', '--json');
    const { needId } = lastJson(io) as { readonly needId: string };
    const shown = async (): Promise<string> => (await run('need', 'show', needId)).out.replaceAll(/\s+/g, ' ');
    await expect.poll(shown, { timeout: LONG_MS, interval: 500 }).toContain('canswarm up --node alpha');
    expect(await shown()).toContain('alpha-worker of alpha has the skill, and its node does not run');
    await start('up', '--node', 'alpha');
  });

  it('never turns to the other while the node of the one is away', { timeout: LONG_MS }, async () => {
    expect(await run('down', '--node', 'zeta')).toMatchObject({ exit: EXIT.ok });
    const doctor = await run('doctor');
    expect(doctor).toMatchObject({ exit: EXIT.ok, out: expect.stringContaining('node zeta: it is stopped') });
    expect(doctor.out).toMatch(/^Nothing is broken; \d+ warnings?: see above\.$/m);
    const before = await freeOf('alpha-requester');
    const refused = {
      exit: EXIT.environment,
      out: '',
      err: expect.stringMatching(/"zeta" does not run[\s\S]*--node alpha/),
    };
    expect(await run('need', 'post', docs, '--ask', 'Who signs releases?')).toMatchObject(refused);
    expect(await run('need', 'cancel', 'q4k7xa')).toMatchObject(refused);
    expect(await run('hire', 'word-count', '--input', '{"text":"to be"}')).toMatchObject(refused);
    expect(await run('invite')).toMatchObject({ exit: EXIT.environment, err: expect.stringContaining('"zeta"') });
    expect(await freeOf('alpha-requester')).toBe(before);
    for (const reading of [['need', 'list'], ['pool'], ['ledger'], ['agents']])
      expect(await run(...reading)).toMatchObject({ exit: EXIT.ok });
    const named = await run('ledger', 'alpha-requester');
    expect(named).toMatchObject({ exit: EXIT.ok, out: expect.stringMatching(/free\/[\s\S]*mint/) });
    expect(await run('ledger', 'nobody-here')).toMatchObject({
      exit: EXIT.usage,
      err: expect.stringContaining('agent of this home is called nobody-here'),
    });
  });
});
