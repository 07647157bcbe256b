import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeFinding, verdictOf } from '../src/commands/doctor.ts';
import { EXIT, main } from '../src/index.ts';
import { fakeIo, lastJson } from './fake-io.ts';

const COMMANDS = [
  'brief',
  'check',
  'hire',
  'verify',
  'replay',
  'ledger',
  'explain',
  'linearize',
  'key',
  'config',
  'doctor',
];
const BELOW = [
  ...['new', 'list', 'show', 'backup', 'import', 'passwd', 'remove'].map((name) => ['key', name] as const),
  ...['show', 'set', 'unset', 'path'].map((name) => ['config', name] as const),
  ...['send', 'hold', 'settle'].map((name) => ['pay', name] as const),
  ...['show', 'add', 'unbond', 'withdraw', 'admit', 'delegate', 'leave', 'join'].map(
    (name) => ['stake', name] as const,
  ),
  ['challenge', 'list'] as const,
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'canswarm-cli-'));
  writeFileSync(join(folder, 'report.md'), 'Nothing is quoted here.\n');
  writeFileSync(join(folder, 'binary.md'), Uint8Array.of(0xff, 0xfe, 0));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...argv: readonly string[]) {
  const io = fakeIo();
  const exit = await main(argv, io);
  return { exit, out: io.out.text, err: io.err.text };
}

describe('help', () => {
  it.each(COMMANDS)('of %s has a description and examples', async (command) => {
    const { exit, out } = await run(command, '--help');
    expect(exit).toBe(EXIT.ok);
    expect(out).toContain(`canswarm ${command}`);
    expect(out).toMatch(/Examples:\n {2}\$ canswarm /);
  });

  it.each(BELOW)('of %s %s has a description and examples', async (group, command) => {
    const { exit, out } = await run(group, command, '--help');
    expect(exit).toBe(EXIT.ok);
    expect(out).toContain(`canswarm ${group} ${command}`);
    expect(out).toMatch(/Examples:\n {2}\$ canswarm /);
    expect(out).toMatch(/--json/);
  });

  it('lists every command', async () => {
    const { out } = await run('--help');
    for (const command of COMMANDS) expect(out).toContain(`  ${command} `);
  });

  it('says amounts in credits', async () => {
    expect((await run('hire', '--help')).out).toMatch(/most that work and seats may\s+cost \(default: 3\)/);
    const { out } = await run('need', 'post', '--help');
    expect(out).toMatch(/most the work may cost \(default:\s+2\)/);
    expect(out).toMatch(/fee of each seat that judges \(default:\s+0\.1\)/);
  });

  it('is not what a version is', async () => {
    expect(await run('--version')).toMatchObject({ exit: EXIT.ok, out: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  });
});

describe('a command that is not understood ends with 2 and says what to do', () => {
  it.each([
    [[], /no command was given/],
    [['fly'], /unknown command 'fly'/],
    [['key', 'new'], /missing required argument 'name'[\s\S]*See: canswarm key new --help/],
    [['key', 'fly'], /unknown command 'fly'[\s\S]*See: canswarm key --help/],
    [['verify', '--\x1b[2J'], /unknown option '--\\x1b\[2J'/],
    [['verify', 'proof', '\x9b2J'], /got 2: proof, \\x9b2J/],
    [['verify'], /missing required argument 'proof'/],
    [['verify', 'a', 'b'], /too many arguments/],
    [['verify', 'x', '--fast'], /unknown option '--fast'/],
    [['verify', 'x', '--network', 'Qm123'], /Qm123 is no network/],
    [['verify', '/no/such/proof'], /\/no\/such\/proof: there is no such folder\n/],
    [['brief', '.'], /required option '--ask <question>' not specified/],
    [['brief', '.', '--ask', ' '], /the question is empty/],
    [['brief', '.', '--ask', 'x'.repeat(4097)], /the question has 4097 bytes/],
    [['brief', '/no/such', '--ask', 'x'], /there is no folder \/no\/such/],
    [['brief', '/etc/passwd', '--ask', 'x'], /\/etc\/passwd is a file, not a folder/],
    [['brief', 'x'.repeat(5000), '--ask', 'x'], /cannot be looked into/],
    [['need', 'post', '.', '--ask', ''], /the question is empty/],
    [['need', 'post', '.', '--ask', 'x'.repeat(5000)], /the question has 5000 bytes\n[\s\S]*1 to 4096 bytes/],
    [['need', 'post', '/no/such', '--ask', 'x'], /there is no folder \/no\/such\n[\s\S]*canswarm need post docs --ask/],
    [['need', 'post', '/etc/passwd', '--ask', 'x'], /\/etc\/passwd is a file, not a folder/],
    [['check', '/etc/passwd', '--against', '/etc/group'], /\/etc\/group is a file, not a folder/],
    [['verify', '/etc/passwd'], /\/etc\/passwd: it is a file, not a folder\n[\s\S]*There is no proof at this path/],
    [['brief', '.', '--ask', 'x', '--plant', 'thief'], /Allowed choices are none, liar/],
    [['brief', '.', '--ask', 'x', '--max', '0'], /A whole number from 1 to 64 is due/],
    [['logs', 'acme', '--node', 'globex'], /two nodes are named/],
    [['replay', '/no/such.jsonl'], /there is no such file/],
    [['replay', 'x', '--against', '/no/such.jsonl'], /nothing can be compared with/],
    [['replay', 'x', '--steps', '/no/such/folder/steps'], /cannot be written/],
    [['replay', '--genesis', 'x'], /--genesis is for a log in a file/],
    [['replay', 'x', '--until', '-1'], /A whole number from 0/],
    [['ledger', '/no/such'], /there is no such file/],
    [['explain', '1', '--proof', '/no/such'], /there is no such file/],
    [['check', '/no/such.md', '--against', '.'], /\/no\/such.md cannot be read/],
    [['check', '/etc', '--against', '.'], /cannot be read/],
    [['hire', 'table-clean'], /table-clean needs a table[\s\S]*canswarm hire table-clean --file shop.csv/],
    [['hire', 'table-clean', '--file', '/no/such.csv'], /there is no file \/no\/such.csv/],
    [['hire', 'table-clean', '--file', '/etc'], /\/etc is a folder[\s\S]*--lockfile FOLDER/],
    [['hire', 'reconcile', '--file', 'left=/etc/passwd'], /reconcile needs two tables/],
    [['hire', 'reconcile', '--file', 'a=/etc/passwd', '--file', 'a=/etc/group'], /two files are named a/],
    [['hire', 'html-extract', '--input', '{"rows":'], /the input is no JSON: \{"rows":\n/],
    [['hire', 'html-extract', '--input', '{"rows" 1}'], /the input is no JSON \(line 1 column 9\): \{"rows" 1\}\n/],
    [['hire', 'html-extract', '--input', 'not json'], /the input is no JSON( \(.*\))?: not json\n/],
    [['hire', 'html-extract', '--input', '@/etc/passwd'], /the input in \/etc\/passwd is no JSON/],
    [['hire', 'html-extract', '--input', '@/no/such.json'], /there is no file \/no\/such.json/],
    [['hire', 'word-count', '--budget', 'lots'], /An amount of credits is due/],
    [['hire', 'word-count', '--deadline', '3'], /A number with its unit[\s\S]*See: canswarm hire --help/],
    [['hire', 'word-count', '--deadline', '0s'], /A number with its unit/],
    [['hire', 'licence-audit', '--lockfile', '/etc'], /\/etc has no package-lock\.json, which "npm install" writes\n/],
    [['hire', 'licence-audit', '--lockfile', '/no/such'], /: there is no folder \/no\/such\n/],
    [['hire', 'licence-audit', '--lockfile', '/etc/passwd'], /: \/etc\/passwd is a file, not a folder\n/],
    [['agent', 'run', '/etc'], /\/etc is a folder[\s\S]*agent\.ts/],
    [['agent', 'run', '/etc/passwd'], /\/etc\/passwd is no TypeScript or JavaScript[\s\S]*canswarm init/],
    [['hire', 'licence-audit', '--file', '/etc/passwd'], /licence-audit needs a lockfile/],
    [['hire', 'table-clean', '--lockfile', '.'], /--lockfile is for licence-audit/],
  ] satisfies [string[], RegExp][])('%j', async (argv, said) => {
    const { exit, out, err } = await run(...argv);
    expect(err).toMatch(said);
    expect(exit).toBe(EXIT.usage);
    expect(out).toBe('');
  });

  it('also with --json, as one object', async () => {
    const io = fakeIo();
    expect(await main(['verify', '--json'], io)).toBe(EXIT.usage);
    expect(lastJson(io)).toMatchObject({
      error: { code: 'usage', what: expect.stringContaining('missing required argument') },
    });
  });

  it('with what it was given made safe to print', async () => {
    const { err } = await run('brief', '/no/\x1b[2Jsuch', '--ask', 'x');
    expect(err).toContain('\\x1b[2J');
    expect(err).not.toContain('\x1b');
  });
});

describe('check', () => {
  it('refuses a report that is no text, and a folder that is none', async () => {
    expect(await run('check', join(folder, 'binary.md'), '--against', folder)).toMatchObject({
      exit: EXIT.usage,
      err: expect.stringContaining('not UTF-8'),
    });
    expect(await run('check', join(folder, 'report.md'), '--against', '/no/such')).toMatchObject({
      exit: EXIT.usage,
      err: expect.stringContaining('--against'),
    });
  });
});

describe('hire', () => {
  it('refuses a file that is larger than what may go along, without reading it', async () => {
    const path = join(folder, 'large.csv');
    writeFileSync(path, '');
    truncateSync(path, 134_217_729);
    expect(await run('hire', 'table-clean', '--file', path)).toMatchObject({
      exit: EXIT.usage,
      err: expect.stringMatching(/large.csv is too large: 128(\.0)? MiB/),
    });
  });
});

describe('doctor', () => {
  it('says of everything what was found', async () => {
    const io = fakeIo();
    expect(await main(['doctor', '--json', '--home', join(folder, 'home')], io)).toBe(EXIT.ok);
    const { ok, findings } = lastJson(io) as {
      ok: boolean;
      findings: { name: string; status: string; found: string; means: string }[];
    };
    expect(ok).toBe(true);
    expect(findings.find(({ name }) => name === 'data folder')?.found).toContain(join(folder, 'home'));
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'Node',
        'crypto',
        'node:sqlite',
        'content store',
        'temporary folder',
        'data folder',
        'disk space',
        'clock',
        'threads',
      ]),
    );
    for (const { means } of findings) expect(means).not.toBe('');
  });

  it('ends with what the findings amount to', () => {
    const [ok, warning, failed] = [{ status: 'ok' }, { status: 'warning' }, { status: 'failed' }] as const;
    expect(verdictOf([ok])).toEqual(['green', 'Nothing is wrong here.']);
    expect(verdictOf([ok, warning])).toEqual(['yellow', 'Nothing is broken; 1 warning: see above.']);
    expect(verdictOf([warning, warning])[1]).toContain('2 warnings');
    expect(verdictOf([warning, failed])[0]).toBe('red');
  });

  it.each([
    ['24.21.0', 'ok'],
    ['22.18.0', 'ok'],
    ['22.17.9', 'failed'],
    ['20.20.2', 'failed'],
    ['8.0.0', 'failed'],
  ])('knows that Node %s is %s', (version, status) => {
    expect(nodeFinding(version).status).toBe(status);
  });
});
