import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { softwareSigner } from '@canswarm/local';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEY_KINDS, type Secret } from '../../src/home/index.ts';
import { agent, byMachine, byWords, codeOf, fresh, homeAt, secret, WORDS } from './support.ts';

const ask = async () => secret();
const keyFile = (path: string, name: string): string => join(path, 'keys', `${name}.json`);
const plain = ({ secret: inside }: { readonly secret: Secret<Uint8Array> }): string =>
  Buffer.from(inside.reveal()).toString('hex');

describe('a key', () => {
  it.each(KEY_KINDS)('of kind %s comes back as it was made', async (kind) => {
    const path = fresh();
    const home = homeAt(path);
    const owner = await home.keys.create({ ...agent('owner'), ...byMachine });
    const made = await home.keys.create({ name: 'k', kind, of: kind === 'chain' ? 'owner' : null, ...byMachine });
    const first = await home.keys.open('k');
    const seed = first.secret.reveal();
    expect([first.kind, first.did, seed.length]).toEqual([kind, made.did, 32]);
    expect(made.did).toBe(kind === 'chain' ? owner.did : softwareSigner(seed).did);
    first.close();
    expect(first.secret.reveal()).toEqual(new Uint8Array(32));
    const second = await homeAt(path).keys.open('k');
    expect(second.secret.reveal()).toEqual(seed);
    second.close();
  });

  it('with a passphrase opens with that one only', async () => {
    const path = fresh();
    await homeAt(path).keys.create({ ...agent('a'), ...byWords() });
    expect(await codeOf(() => homeAt(path).keys.open('a'))).toBe('no_passphrase');
    expect(await codeOf(() => homeAt(path, { ask: async () => secret('wrong words') }).keys.open('a'))).toBe(
      'wrong_passphrase',
    );
    for (const options of [{ ask }, { env: { CANSWARM_PASSPHRASE: WORDS } }]) {
      const open = await homeAt(path, options).keys.open('a');
      open.close();
    }
  });

  it('belongs to an agent only when it is a chain', async () => {
    const { keys } = homeAt(fresh());
    await keys.create({ ...agent('a'), ...byMachine });
    await keys.create({ name: 'n', kind: 'node', of: null, ...byMachine });
    for (const wrong of [
      { name: 'x', kind: 'chain', of: null },
      { name: 'x', kind: 'chain', of: 'n' },
      { name: 'x', kind: 'agent', of: 'a' },
    ] as const)
      expect(await codeOf(() => keys.create({ ...wrong, ...byMachine }))).toBe('invalid');
    expect(await codeOf(() => keys.create({ name: 'x', kind: 'chain', of: 'nobody', ...byMachine }))).toBe('unknown');
  });

  it('is never overwritten, and its name is a file name anywhere', async () => {
    const path = fresh();
    const { keys } = homeAt(path);
    await keys.create({ ...agent('a'), ...byMachine });
    const before = readFileSync(keyFile(path, 'a'), 'utf8');
    expect(await codeOf(() => keys.create({ ...agent('a'), ...byWords() }))).toBe('exists');
    expect(readFileSync(keyFile(path, 'a'), 'utf8')).toBe(before);
    for (const name of [
      '',
      '.',
      '..',
      'a/b',
      'a\\b',
      '../a',
      'A',
      'a b',
      'ä',
      'a..b',
      '-a',
      'a.',
      'nul',
      'con.x',
      'x'.repeat(65),
      'a\u0000',
      '__proto__',
    ])
      expect(await codeOf(() => keys.create({ ...agent(name), ...byMachine })), name).toBe('invalid');
    expect(readdirSync(join(path, 'keys')).filter((file) => file.endsWith('.json'))).toEqual(['a.json']);
  });
});

describe('a key file', () => {
  it('that was cut anywhere is told as damaged, and nothing hides the others', async () => {
    const path = fresh();
    await homeAt(path).keys.create({ ...agent('a'), ...byMachine });
    await homeAt(path).keys.create({ ...agent('b'), ...byMachine });
    const text = readFileSync(keyFile(path, 'a'), 'utf8');
    for (let length = 0; length < text.trimEnd().length; length += 7) {
      writeFileSync(keyFile(path, 'a'), text.slice(0, length));
      expect(await codeOf(() => homeAt(path).keys.open('a'))).toBe('damaged');
    }
    const { keys, broken } = homeAt(path).keys.list();
    expect([keys.map(({ name }) => name), broken.map(({ name }) => name)]).toEqual([['b'], ['a']]);
    writeFileSync(keyFile(path, 'a'), text);
    (await homeAt(path).keys.open('a')).close();
  });

  it('with any character changed never opens', async () => {
    const path = fresh();
    const home = homeAt(path);
    await home.keys.create({ ...agent('a'), ...byMachine });
    const text = readFileSync(keyFile(path, 'a'), 'utf8');
    const characters = fc.constantFrom('0', '1', 'f', 'a', 'Z', '"', '}', ' ', '9', '\n');
    const changed = fc.tuple(fc.nat(text.length - 1), characters).filter(([at, to]) => text[at] !== to);
    await fc.assert(
      fc.asyncProperty(changed, async ([at, to]) => {
        const other = `${text.slice(0, at)}${to}${text.slice(at + 1)}`;
        fc.pre(!sameJson(other, text));
        writeFileSync(keyFile(path, 'a'), other);
        expect(['damaged', 'newer']).toContain(await codeOf(() => home.keys.open('a')));
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('that was forged, checksum and all, does not open: every fact is authenticated', async () => {
    const path = fresh();
    const home = homeAt(path);
    const { createHash } = await import('node:crypto');
    await home.keys.create({ ...agent('a'), ...byMachine });
    await home.keys.create({ ...agent('b'), ...byMachine });
    const { did } = home.keys.show('b');
    const real = JSON.parse(readFileSync(keyFile(path, 'a'), 'utf8'));
    const forge = (changes: object): string => {
      const one = { ...real, ...changes };
      const { format, version, name, kind, protection, createdAt, restoredAt, kdf, cipher, nonce } = one;
      const salted = [kdf.name, kdf.cost, kdf.blockSize, kdf.parallel, kdf.salt];
      const head = [format, version, name, kind, one.did, protection, createdAt, restoredAt, salted, cipher, nonce];
      const sha256 = createHash('sha256')
        .update(`${JSON.stringify(head)}\n${one.ciphertext}`)
        .digest('hex');
      return JSON.stringify({ ...one, sha256 });
    };
    const tries = {
      itself: {},
      kind: { kind: 'authority' },
      did: { did },
      restored: { restoredAt: '2026-01-01T00:00:00.000Z' },
      created: { createdAt: '2026-01-01T00:00:00.000Z' },
      cheap: { kdf: { ...real.kdf, cost: 2 ** 14 } },
      worthless: { kdf: { ...real.kdf, cost: 2 } },
      trap: { kdf: { ...real.kdf, cost: 2 ** 40 } },
      more: { extra: 1 },
    };
    const found: Record<string, string> = {};
    for (const [name, changes] of Object.entries(tries)) {
      writeFileSync(keyFile(path, 'a'), forge(changes));
      found[name] = await codeOf(async () => (await home.keys.open('a')).close());
    }
    const wrong = 'wrong_passphrase';
    const forged = { kind: wrong, did: wrong, restored: wrong, created: wrong, cheap: wrong };
    expect(found).toEqual({ itself: 'none', ...forged, worthless: 'damaged', trap: 'damaged', more: 'damaged' });
  });

  it('that was renamed or copied is refused', async () => {
    const path = fresh();
    await homeAt(path).keys.create({ ...agent('a'), ...byMachine });
    cpSync(keyFile(path, 'a'), keyFile(path, 'b'));
    expect(() => homeAt(path).keys.show('b')).toThrow(/holds the key named a/);
  });

  it('of a newer version is refused', async () => {
    const path = fresh();
    await homeAt(path).keys.create({ ...agent('a'), ...byMachine });
    const text = readFileSync(keyFile(path, 'a'), 'utf8').replace('"version": 1', '"version": 2');
    writeFileSync(keyFile(path, 'a'), text);
    expect(await codeOf(() => homeAt(path).keys.open('a'))).toBe('newer');
  });

  it('tells a lost machine file, and does not hide it by a new one', async () => {
    const path = fresh();
    await homeAt(path).keys.create({ ...agent('a'), ...byMachine });
    rmSync(join(path, 'machine.passphrase'));
    expect(await codeOf(() => homeAt(path).keys.open('a'))).toBe('no_passphrase');
    expect(await codeOf(() => homeAt(path).keys.create({ ...agent('b'), ...byMachine }))).toBe('no_passphrase');
    expect(existsSync(join(path, 'machine.passphrase'))).toBe(false);
    writeFileSync(join(path, 'machine.passphrase'), 'another\n', { mode: 0o600 });
    expect(await codeOf(() => homeAt(path).keys.open('a'))).toBe('wrong_passphrase');
  });
});

describe('changing', () => {
  it('the passphrase keeps the key', async () => {
    const path = fresh();
    await homeAt(path).keys.create({ ...agent('a'), ...byMachine });
    const before = await homeAt(path).keys.open('a');
    const seed = plain(before);
    before.close();
    const changed = await homeAt(path).keys.changePassphrase('a', async () => secret());
    expect(changed.protection).toBe('passphrase');
    const after = await homeAt(path, { ask }).keys.open('a');
    expect(plain(after)).toBe(seed);
    after.close();
    const wrong = homeAt(path, { ask: async () => secret('wrong words') });
    expect(await codeOf(() => wrong.keys.changePassphrase('a', async () => 'machine'))).toBe('wrong_passphrase');
    (await homeAt(path, { ask }).keys.open('a')).close();
  });

  it('removes a key only while nobody uses it', async () => {
    const path = fresh();
    const home = homeAt(path);
    await home.keys.create({ ...agent('a'), ...byMachine });
    const open = await home.keys.open('a');
    expect(await codeOf(() => homeAt(path).keys.remove('a'))).toBe('in_use');
    open.close();
    await homeAt(path).keys.remove('a');
    expect(await codeOf(() => homeAt(path).keys.show('a'))).toBe('unknown');
  });

  it('removes what a writer that died left behind', async () => {
    const path = fresh();
    await homeAt(path).keys.create({ ...agent('a'), ...byMachine });
    const left = join(path, 'keys', '.a.json.0123456789abcdef.tmp');
    writeFileSync(left, '{"half');
    expect(homeAt(path).keys.list().broken).toEqual([]);
    await homeAt(path).keys.create({ ...agent('b'), ...byMachine });
    expect(existsSync(left)).toBe(false);
  });
});

describe('a backup', () => {
  const words = async () => secret('backup words');
  const from = { name: null, ...byMachine, passphraseOf: words };

  it('restores the key elsewhere, marked', async () => {
    const [path, other] = [fresh(), fresh()];
    const file = `${path}.backup`;
    const made = await homeAt(path).keys.create({ ...agent('a'), ...byWords() });
    await homeAt(path, { ask }).keys.backup('a', file, words);
    const before = await homeAt(path, { ask }).keys.open('a');
    const imported = await homeAt(other).keys.import(file, from);
    expect(imported).toMatchObject({ name: 'a', did: made.did, createdAt: made.createdAt, protection: 'machine' });
    expect(Date.parse(imported.restoredAt ?? '')).toBeGreaterThanOrEqual(Date.parse(made.createdAt));
    const after = await homeAt(other).keys.open('a');
    expect([plain(after), after.restoredAt]).toEqual([plain(before), imported.restoredAt]);
    after.close();
    before.close();
    await homeAt(other).keys.changePassphrase('a', async () => secret());
    expect(homeAt(other).keys.show('a').restoredAt).toBe(imported.restoredAt);
  });

  it('opens with its own passphrase only, and not when it was changed or cut', async () => {
    const [path, other] = [fresh(), fresh()];
    const file = `${path}.backup`;
    await homeAt(path).keys.create({ ...agent('a'), ...byMachine });
    await homeAt(path).keys.backup('a', file, words);
    const text = readFileSync(file, 'utf8');
    const importWith = (passphraseOf: typeof words) => () => homeAt(other).keys.import(file, { ...from, passphraseOf });
    expect(await codeOf(importWith(ask))).toBe('wrong_passphrase');
    for (const broken of [text.slice(0, 300), text.replace('"agent"', '"authority"'), 'hello', '{}']) {
      writeFileSync(file, broken);
      expect(await codeOf(importWith(words))).toBe('damaged');
    }
    expect(homeAt(other).keys.list().keys).toEqual([]);
    expect(await codeOf(() => homeAt(other).keys.import(`${file}.no`, from))).toBe('unknown');
  });

  it('is not written over a file, and does not bring a key in twice', async () => {
    const path = fresh();
    const file = `${path}.backup`;
    const { keys } = homeAt(path);
    await keys.create({ ...agent('a'), ...byMachine });
    await keys.create({ ...agent('b'), ...byMachine });
    await keys.backup('a', file, words);
    expect(await codeOf(() => keys.backup('b', file, words))).toBe('exists');
    expect(await codeOf(() => keys.import(file, { ...from, name: 'c' }))).toBe('exists');
    await keys.remove('a');
    expect(await codeOf(() => keys.import(file, { ...from, name: 'b' }))).toBe('exists');
    expect((await keys.import(file, { ...from, name: 'c' })).name).toBe('c');
  });

  it('may be the key file of another home', async () => {
    const [path, other] = [fresh(), fresh()];
    await homeAt(path).keys.create({ ...agent('a'), ...byWords() });
    const imported = await homeAt(other).keys.import(keyFile(path, 'a'), { ...from, passphraseOf: ask });
    expect(imported.restoredAt).not.toBeNull();
  });
});

describe('many keys', () => {
  it.each([
    ['passphrase', byWords()],
    ['machine', byMachine],
  ] as const)('of one %s open fast: they share a salt', async (_kind, protection) => {
    const path = fresh();
    const names = Array.from({ length: 30 }, (_, index) => `k${index}`);
    for (const name of names) await homeAt(path).keys.create({ ...agent(name), ...protection });
    const salts = names.map((name) => JSON.parse(readFileSync(keyFile(path, name), 'utf8')).kdf.salt);
    expect(new Set(salts).size).toBe(1);
    let asked = 0;
    const once = async () => {
      asked += 1;
      return secret();
    };
    const home = homeAt(path, { ask: once });
    const startedAt = performance.now();
    const open = await Promise.all(names.map((name) => home.keys.open(name)));
    const tookMs = performance.now() - startedAt;
    for (const key of open) key.close();
    expect(asked).toBeLessThanOrEqual(1);
    expect(tookMs).toBeLessThan(2_000);
  });
});

function sameJson(left: string, right: string): boolean {
  try {
    return JSON.stringify(JSON.parse(left)) === JSON.stringify(JSON.parse(right));
  } catch {
    return false;
  }
}
