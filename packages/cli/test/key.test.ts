import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EXIT, main } from '../src/index.ts';
import { fakeIo, lastJson } from './fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'canswarm-key-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let homes = 0;

const WORDS = 'correct horse battery';

/** A home of its own, and the command in it. `answers`: what a person types, when one sits there. */
function place() {
  homes += 1;
  const home = join(folder, `home-${homes}`);
  const run = async (argv: readonly string[], answers: readonly string[] | null = null, env = {}) => {
    const left = [...(answers ?? [])];
    const questions: string[] = [];
    const ask = async (question: string): Promise<string> => {
      questions.push(question);
      return left.shift() ?? '';
    };
    const io = { ...fakeIo({ env: { CANSWARM_HOME: home, ...env } }), ...(answers === null ? {} : { ask }) };
    const exit = await main(argv, io);
    const value = argv.includes('--json') ? (lastJson(io) as Record<string, unknown>) : {};
    return { exit, out: io.out.text, err: io.err.text, value, questions };
  };
  const file = (name: string, text: string): string => {
    const path = join(folder, `${homes}-${name}`);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  return { home, run, file };
}

describe('key new', () => {
  it('without a passphrase says plainly what that means', async () => {
    const { run, home } = place();
    const made = await run(['key', 'new', 'a']);
    expect(made.exit).toBe(EXIT.ok);
    expect(made.out).toMatch(/^a is made: did:key:z6Mk/);
    expect(made.out).toContain(`Whoever can read that folder has them`);
    const listed = await run(['key', 'list']);
    expect(listed.out).toContain('machine file');
    expect(listed.out).toContain(home);
  });

  it('asks twice on a terminal, and keeps what was typed to itself', async () => {
    const { run, home } = place();
    const made = await run(['key', 'new', 'a', '--json'], [WORDS, WORDS]);
    expect(made.questions).toHaveLength(2);
    expect(made.value).toMatchObject({ name: 'a', kind: 'agent', protection: 'passphrase', restoredAt: null });
    expect(made.out + made.err).not.toContain(WORDS);
    for (const file of readdirSync(join(home, 'keys')).filter((name) => name.endsWith('.json')))
      expect(readFileSync(join(home, 'keys', file), 'utf8')).not.toContain(WORDS);
    expect(existsSync(join(home, 'machine.passphrase'))).toBe(false);
  });

  it.each([
    ['an empty answer', [''], 'machine'],
    ['--no-passphrase', null, 'machine'],
  ] as const)('by %s leaves it to the machine', async (how, answers, protection) => {
    const flags = how.startsWith('--') ? [how] : [];
    const made = await place().run(['key', 'new', 'a', '--json', ...flags], answers, {
      CANSWARM_PASSPHRASE: how.startsWith('--') ? WORDS : '',
    });
    expect(made.value).toMatchObject({ protection });
  });

  it('takes passphrases from a file that nobody else can read', async () => {
    const { run, file } = place();
    const path = file('words', `${WORDS}\n`);
    chmodSync(path, 0o644);
    const refused = await run(['key', 'new', 'a', '--passphrase-file', path]);
    expect([refused.exit, refused.err]).toEqual([EXIT.environment, expect.stringContaining(`chmod 600 ${path}`)]);
    chmodSync(path, 0o600);
    expect((await run(['key', 'new', 'a', '--passphrase-file', path])).exit).toBe(EXIT.ok);
    expect((await run(['key', 'new', 'b', '--json'], null, { CANSWARM_PASSPHRASE_FILE: path })).value).toMatchObject({
      protection: 'passphrase',
    });
  });

  it.each([
    [['a b'], [], EXIT.usage, /cannot name a key/],
    [['../a'], [], EXIT.usage, /cannot name a key/],
    [['b', '--kind', 'chain'], [], EXIT.usage, /a chain needs an agent/],
    [['b', '--kind', 'pet'], [], EXIT.usage, /Allowed choices are agent, chain, node, authority/],
    [['b', '--kind', 'chain', '--of', 'nobody'], [], EXIT.untrue, /there is no key nobody/],
    [['a'], [], EXIT.untrue, /there is a key a already/],
    [['b'], ['long enough', 'other words'], EXIT.usage, /the two passphrases differ/],
    [['b'], ['short'], EXIT.usage, /too short/],
    [['b', '--no-passphrase', '--passphrase-file', 'x'], [], EXIT.usage, /exclude each other/],
    [['b', '--passphrase-file', '/no/such'], [], EXIT.environment, /there is no passphrase file/],
    [['b', '--home', '/dev/null/x'], [], EXIT.environment, /\/dev\/null\/x/],
    [['b', '--home', ''], [], EXIT.usage, /names no folder/],
  ] satisfies [string[], string[], number, RegExp][])(
    '%j is refused and makes nothing',
    async (argv, answers, exit, said) => {
      const { run } = place();
      await run(['key', 'new', 'a', '--no-passphrase']);
      const refused = await run(['key', 'new', ...argv], answers);
      expect(refused.err).toMatch(said);
      expect([refused.exit, refused.out]).toEqual([exit, '']);
      const { value } = await run(['key', 'list', '--json']);
      expect(value['keys']).toHaveLength(1);
    },
  );
});

describe('key list and show', () => {
  it('of nothing makes nothing', async () => {
    const { run, home } = place();
    const listed = await run(['key', 'list']);
    expect([listed.exit, listed.out]).toEqual([EXIT.ok, expect.stringContaining('canswarm key new NAME')]);
    expect(existsSync(home)).toBe(false);
  });

  it('tell a broken file with the sound ones, and end with 1', async () => {
    const { run, home } = place();
    await run(['key', 'new', 'good', '--no-passphrase']);
    writeFileSync(join(home, 'keys', 'evil\x1b[2J.json'), '{"a"', { mode: 0o600 });
    const listed = await run(['key', 'list']);
    expect(listed.exit).toBe(EXIT.untrue);
    expect(listed.out).toContain('good');
    expect(listed.out).toContain('evil\\x1b[2J');
    expect(listed.out).not.toContain('\x1b');
    const { value } = await run(['key', 'list', '--json']);
    expect(value).toMatchObject({ keys: [{ name: 'good' }], broken: [{ code: 'invalid' }] });
  });

  it('show one, or what was meant', async () => {
    const { run } = place();
    await run(['key', 'new', 'worker', '--no-passphrase']);
    expect((await run(['key', 'show', 'worker'])).out).toMatch(/^name +worker\nkind +agent\ndid +did:key/);
    expect((await run(['key', 'show', 'wroker'])).err).toContain('did you mean worker?');
  });
});

describe('key backup, import, passwd, remove', () => {
  it('bring a key to another home, marked', async () => {
    const [from, to] = [place(), place()];
    const backup = join(folder, 'a.backup');
    const words = from.file('backup-words', 'backup words');
    const made = await from.run(['key', 'new', 'a', '--json'], [WORDS, WORDS]);
    const saved = await from.run(['key', 'backup', 'a', backup, '--json'], [WORDS, 'backup words', 'backup words']);
    expect(saved.questions[0]).toContain('Passphrase of the key a');
    expect(saved.value).toMatchObject({ name: 'a', backup });
    const imported = await to.run(['key', 'import', backup, '--name', 'b', '--backup-passphrase-file', words]);
    expect(imported.exit).toBe(EXIT.ok);
    expect(imported.out).toContain('It is marked as restored');
    const { value } = await to.run(['key', 'show', 'b', '--json']);
    expect(value).toMatchObject({ did: made.value['did'], restoredAt: expect.any(String), protection: 'machine' });
    expect((await to.run(['key', 'list'])).out).toContain('restored 20');
  });

  it('say what stands in the way, and lose nothing', async () => {
    const { run, file } = place();
    const words = file('backup-words', 'backup words');
    const backup = join(folder, 'b.backup');
    await run(['key', 'new', 'a'], [WORDS, WORDS]);
    const wrong = await run(['key', 'backup', 'a', backup, '--backup-passphrase-file', words], ['wrong words']);
    expect([wrong.exit, wrong.err]).toEqual([EXIT.untrue, expect.stringContaining('the passphrase does not open')]);
    expect(existsSync(backup)).toBe(false);
    const nobody = await run(['key', 'backup', 'a', backup], null, { CANSWARM_PASSPHRASE: WORDS });
    expect([nobody.exit, nobody.err]).toEqual([
      EXIT.environment,
      expect.stringContaining('--backup-passphrase-file FILE'),
    ]);
    const good = ['key', 'backup', 'a', backup, '--backup-passphrase-file', words];
    expect((await run(good, null, { CANSWARM_PASSPHRASE: WORDS })).exit).toBe(EXIT.ok);
    expect((await run(good, null, { CANSWARM_PASSPHRASE: WORDS })).err).toContain('exists already');
    expect((await run(['key', 'import', backup, '--backup-passphrase-file', words])).err).toContain(
      'is here already, as a',
    );
    expect((await run(['key', 'import', '/no/such'])).err).toContain('there is no file /no/such');
    expect((await run(['key', 'import', words])).err).toContain('cannot be read: it is no JSON');
  });

  it('change a passphrase', async () => {
    const { run, file } = place();
    const next = file('next', 'the next words');
    await run(['key', 'new', 'a', '--no-passphrase']);
    expect((await run(['key', 'passwd', 'a', '--new-passphrase-file', next, '--json'])).value).toMatchObject({
      protection: 'passphrase',
    });
    expect((await run(['key', 'passwd', 'a', '--no-passphrase'])).exit).toBe(EXIT.environment);
    expect(
      (await run(['key', 'passwd', 'a', '--no-passphrase', '--passphrase-file', next, '--json'])).value,
    ).toMatchObject({ protection: 'machine' });
  });

  it('remove only what is meant', async () => {
    const { run } = place();
    await run(['key', 'new', 'a', '--no-passphrase']);
    const asked = await run(['key', 'remove', 'a', '--json']);
    expect([asked.exit, asked.value]).toEqual([
      EXIT.usage,
      { error: expect.objectContaining({ code: 'not_confirmed' }) },
    ]);
    expect((await run(['key', 'show', 'a'])).exit).toBe(EXIT.ok);
    expect((await run(['key', 'remove', 'a', '--yes', '--json'])).value).toMatchObject({ name: 'a', removed: true });
    expect((await run(['key', 'show', 'a'])).exit).toBe(EXIT.untrue);
  });
});
