import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFolder } from '../../src/home/index.ts';
import { readVersioned } from '../../src/home/versioned-file.ts';
import { agent, byMachine, codeOf, fresh, homeAt } from './support.ts';

const mode = (path: string): number => statSync(path).mode & 0o777;
const isRoot = process.geteuid?.() === 0;

describe('where the home is', () => {
  it.each([
    [{ CANSWARM_HOME: '/srv/can', XDG_DATA_HOME: '/x' }, 'linux', '/srv/can'],
    [{ CANSWARM_HOME: '', XDG_DATA_HOME: '/x' }, 'linux', '/x/canswarm'],
    [{ XDG_DATA_HOME: 'relative' }, 'linux', join(homedir(), '.local/share/canswarm')],
    [{}, 'linux', join(homedir(), '.local/share/canswarm')],
    [{}, 'darwin', join(homedir(), 'Library/Application Support/canswarm')],
  ] as const)('%j on %s', (env, platform, path) => {
    expect(dataFolder(env, platform)).toBe(path);
  });

  it('--home wins over the variable', () => {
    expect(homeAt('/a', { env: { CANSWARM_HOME: '/b' } }).path).toBe('/a');
  });
});

describe('a home', () => {
  it('is not made by looking', () => {
    const path = fresh();
    const home = homeAt(path);
    expect([home.exists, home.keys.list().keys, home.config.values['listen.port']]).toEqual([false, [], 0]);
    expect(existsSync(path)).toBe(false);
  });

  it('is made for this user alone, whatever the umask', async () => {
    const path = fresh();
    const before = process.umask(0);
    try {
      await homeAt(path).keys.create({ ...agent('a'), ...byMachine });
      await homeAt(path).set('listen.port', '7');
    } finally {
      process.umask(before);
    }
    for (const folder of [path, join(path, 'keys')]) expect(mode(folder)).toBe(0o700);
    for (const file of ['home.json', 'canswarm.config.json', 'machine.passphrase', 'keys/a.json'])
      expect(mode(join(path, file))).toBe(0o600);
    expect(homeAt(path).exists).toBe(true);
  });

  it('that others can read is refused, with what to run', () => {
    const path = fresh();
    homeAt(path).make();
    chmodSync(path, 0o750);
    expect(() => homeAt(path)).toThrow(/mode 0750: other users can read it/);
    expect(() => homeAt(path)).toThrow(expect.objectContaining({ todo: expect.stringContaining(`chmod 700 ${path}`) }));
    chmodSync(path, 0o700);
    expect(homeAt(path).exists).toBe(true);
  });

  it.runIf(isRoot)('of another user is refused', async () => {
    const path = fresh();
    await homeAt(path).keys.create({ ...agent('a'), ...byMachine });
    chownSync(join(path, 'keys/a.json'), 12_345, 12_345);
    expect(await codeOf(() => homeAt(path).keys.show('a'))).toBe('permissions');
    chownSync(path, 12_345, 12_345);
    expect(() => homeAt(path)).toThrow(/belongs to user 12345/);
  });

  it.each(['keys/a.json', 'machine.passphrase', 'canswarm.config.json'])(
    'with a %s that others can change is refused',
    async (file) => {
      const path = fresh();
      await homeAt(path).keys.create({ ...agent('a'), ...byMachine });
      await homeAt(path).set('mdns', 'on');
      const use = async (): Promise<void> => {
        expect(homeAt(path).config.values.mdns).toBe(true);
        (await homeAt(path).keys.open('a')).close();
      };
      chmodSync(join(path, file), 0o620);
      expect(await codeOf(use)).toBe('permissions');
      chmodSync(join(path, file), 0o600);
      expect(await codeOf(use)).toBe('none');
    },
  );

  it('of a newer version is refused and left alone', () => {
    const path = fresh();
    homeAt(path).make();
    writeFileSync(join(path, 'home.json'), '{"format":"canswarm home","version":2}');
    expect(() => homeAt(path)).toThrow(/version 2, and this canswarm knows up to version 1/);
    expect(readFileSync(join(path, 'home.json'), 'utf8')).toContain('"version":2');
  });

  it('is never made of a folder that holds something else', () => {
    const path = fresh();
    mkdirSync(path, { mode: 0o700 });
    writeFileSync(join(path, 'thesis.txt'), '');
    expect(() => homeAt(path)).toThrow(/it holds "thesis.txt"/);
    expect(readdirSync(path)).toEqual(['thesis.txt']);
    writeFileSync(join(fresh(), '..', 'file'), '');
    expect(() => homeAt(join(path, '..', 'file'))).toThrow(/is no folder/);
  });

  it('may be prepared by hand', () => {
    const path = fresh();
    mkdirSync(path, { mode: 0o700 });
    writeFileSync(join(path, 'canswarm.config.json'), '{"version":1,"listen.port":4001}');
    homeAt(path).make();
    expect(homeAt(path).config.values['listen.port']).toBe(4001);
  });
});

describe('a file with a version', () => {
  const format = {
    kind: 'list',
    privacy: 'private',
    bytesMax: 1024,
    migrations: [
      (document: object) => ({ ...document, second: true }),
      (document: object) => ({ ...document, third: true }),
    ],
  } as const;

  it('is brought to the newest after a backup', () => {
    const path = `${fresh()}.json`;
    writeFileSync(path, '{"version":2,"old":1}', { mode: 0o600 });
    writeFileSync(`${path}.v2.backup`, 'an earlier backup');
    const after = { version: 3, old: 1, third: true };
    expect(readVersioned(path, format)).toEqual(after);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(after);
    expect(readFileSync(`${path}.v2.backup`, 'utf8')).toBe('an earlier backup');
    expect(readFileSync(`${path}.v2.backup.2`, 'utf8')).toBe('{"version":2,"old":1}');
    expect(readVersioned(path, format)).toEqual(after);
    expect(existsSync(`${path}.v2.backup.3`)).toBe(false);
  });

  it.each(['', '{', '[]', 'null', '{}', '{"version":0}', '{"version":"1"}', '{"version":1.5}'])(
    'of %j is damaged',
    async (text) => {
      const path = `${fresh()}.json`;
      writeFileSync(path, text, { mode: 0o600 });
      expect(await codeOf(() => readVersioned(path, format))).toBe('damaged');
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );
});
