import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { givenPassphrase, newPassphrase, passphraseFor } from '../../src/home/index.ts';
import { codeOf, fresh, secret } from './support.ts';

function files(): { readonly file: (name: string, text: string, mode?: number) => string; readonly folder: string } {
  const folder = fresh();
  mkdirSync(folder);
  const file = (name: string, text: string, mode = 0o600): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  return { file, folder };
}

describe('a passphrase', () => {
  it('is taken from flag, variables and credential, in this order', () => {
    const { file, folder } = files();
    file('canswarm-passphrase', 'of the system\n', 0o440);
    const env = {
      CANSWARM_PASSPHRASE_FILE: file('b', 'of the variable\r\n'),
      CANSWARM_PASSPHRASE: 'in the variable',
      CREDENTIALS_DIRECTORY: folder,
    };
    const { CANSWARM_PASSPHRASE_FILE: _file, ...without } = env;
    const given = (sources: Parameters<typeof givenPassphrase>[0]) => givenPassphrase(sources)?.reveal();
    expect(given({ env, file: file('a', 'of the flag') })).toBe('of the flag');
    expect(given({ env })).toBe('of the variable');
    expect(given({ env: without })).toBe('in the variable');
    expect(given({ env: { CREDENTIALS_DIRECTORY: folder } })).toBe('of the system');
    expect(given({ env: { CANSWARM_PASSPHRASE: '' } })).toBeUndefined();
  });

  it('is the same however its letters were composed', () => {
    const of = (text: string) => givenPassphrase({ env: { CANSWARM_PASSPHRASE: text } })?.reveal();
    expect(of('cafe\u0301')).toBe(of('caf\u00e9'));
  });

  it.each([
    ['', 'invalid'],
    ['\n', 'invalid'],
    ['one\ntwo\n', 'invalid'],
    ['x'.repeat(1025), 'invalid'],
    ['x'.repeat(5000), 'damaged'],
  ])('file of %j is refused', async (text, code) => {
    const { file } = files();
    const path = file('p', text);
    expect(await codeOf(() => givenPassphrase({ env: {}, file: path }))).toBe(code);
  });

  it('file that others can read, or that is not there, is refused', async () => {
    const { file, folder } = files();
    const path = file('p', 'words', 0o644);
    expect(await codeOf(() => givenPassphrase({ env: {}, file: path }))).toBe('permissions');
    expect(await codeOf(() => givenPassphrase({ env: {}, file: join(folder, 'no') }))).toBe('no_passphrase');
  });

  it('is asked for only where somebody can be asked', async () => {
    expect(await codeOf(() => passphraseFor('it', { env: {} }))).toBe('no_passphrase');
    const ask = async (question: string) => secret(`answer to ${question}`);
    expect((await passphraseFor('it', { env: {}, ask })).reveal()).toBe('answer to Passphrase of it: ');
  });

  it('that is new is typed twice', async () => {
    const answers = (...texts: readonly string[]) => {
      const left = [...texts];
      return async () => secret(left.shift() ?? '');
    };
    expect((await newPassphrase('New', answers('long enough', 'long enough')))?.reveal()).toBe('long enough');
    expect(await newPassphrase('New', answers(''))).toBeNull();
    expect(await codeOf(() => newPassphrase('New', answers('long enough', 'long enouhg')))).toBe('invalid');
    expect(await codeOf(() => newPassphrase('New', answers('short')))).toBe('invalid');
  });
});
