import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flagOf, SETTING_KEYS, settingOf, settingsMarkdown, variableOf } from '../../src/home/index.ts';
import { codeOf, fresh, homeAt } from './support.ts';

/** A value of each setting that is not its default, in words. */
const OTHER: Readonly<Record<(typeof SETTING_KEYS)[number], readonly [string, string, string]>> = {
  network: ['a', 'b', 'c'],
  'listen.address': ['::1', '0.0.0.0', '192.0.2.1'],
  'listen.port': ['1', '2', '65535'],
  bootstrap: ['/ip4/192.0.2.1/tcp/1', '/ip4/192.0.2.1/tcp/2', '/dns4/a.example/tcp/3,/ip6/::1/tcp/4'],
  mdns: ['on', 'off', 'on'],
  'api.port': ['1', '2', '65535'],
  'api.address': ['::1', '0.0.0.0', '192.0.2.1'],
  'api.expose': ['on', 'off', 'on'],
  log: ['etcd', 'sqlite', 'etcd'],
  'log.buckets': ['2', '4', '256'],
  'etcd.clusters': [
    '{"b":{"endpoints":["http://b:1"]}}',
    '{"b":{"endpoints":["https://b:1","https://c:1"],"user":"a","passwordFile":"/b"}}',
    '{"b":{"endpoints":["http://b:1"]},"c":{"endpoints":["http://c:1"],"caFile":"ca","certFile":"c","keyFile":"k"}}',
  ],
  'etcd.endpoints': ['http://a.example:1', 'https://192.0.2.1:2', 'http://a:1,https://[::1]:2'],
  'etcd.user': ['a', 'b c', 'd'],
  'etcd.password-file': ['a', '/b/c', './d'],
  'etcd.ca-file': ['a', '/b/c', './d'],
  'etcd.cert-file': ['a', '/b/c', './d'],
  'etcd.key-file': ['a', '/b/c', './d'],
  'log.level': ['error', 'warn', 'debug'],
  'log.format': ['json', 'text', 'json'],
  'connections.max': ['1', '2', '10000'],
  'contact.every-ms': ['50', '500', '600000'],
  'contact.deadline-ms': ['10', '500', '600000'],
  'contact.misses': ['1', '2', '1000'],
  'contact.answers': ['1', '3', '1000'],
  'contact.wait-ms': ['1', '500', '60000'],
  'skill.threads': ['1', '3', '64'],
  'challenge.disputes': ['off', 'facts', 'all'],
  'plants.percent': ['1', '10', '100'],
  'content.bytes-max': ['1MiB', '2MiB', '1TiB'],
};

describe.each(SETTING_KEYS)('%s', (key) => {
  const { parse, show, read, fallback } = settingOf(key);
  const [inFile, inVariable, inFlag] = OTHER[key];
  const shown = (home: ReturnType<typeof homeAt>): readonly unknown[] => [
    show(home.config.values[key]),
    home.config.origins[key],
  ];

  it('is taken from flag, variable, file, default, in this order', async () => {
    const path = fresh();
    const env = { [variableOf(key)]: inVariable };
    const flags = { [key]: inFlag };
    expect(shown(homeAt(path))).toEqual([show(fallback), 'default']);
    await homeAt(path).set(key, inFile);
    expect(shown(homeAt(path))).toEqual([inFile, 'file']);
    expect(shown(homeAt(path, { env: { [variableOf(key)]: '' } }))).toEqual([inFile, 'file']);
    expect(shown(homeAt(path, { env }))).toEqual([inVariable, 'variable']);
    expect(shown(homeAt(path, { env, flags }))).toEqual([inFlag, 'flag']);
    await homeAt(path).set(key, null);
    expect(shown(homeAt(path))).toEqual([show(fallback), 'default']);
  });

  it('shows its default as it takes it', () => {
    expect(parse(show(fallback))).toEqual({ ok: true, value: fallback });
    expect(read(fallback)).toEqual({ ok: true, value: fallback });
  });

  it('refuses what it is not, and names where that stands', () => {
    const [wrong, name] = ['\u0000 !', variableOf(key)];
    expect(() => homeAt(fresh(), { env: { [name]: wrong } }).config).toThrow(name);
    expect(() => homeAt(fresh(), { flags: { [key]: wrong } }).config).toThrow(flagOf(key));
  });
});

describe('the file', () => {
  const withFile = (text: string): string => {
    const path = fresh();
    mkdirSync(path, { mode: 0o700 });
    writeFileSync(join(path, 'canswarm.config.json'), text, { mode: 0o600 });
    return path;
  };

  it('says every fault at once, and what was probably meant', () => {
    const path = withFile('{"version":1,"listn.port":1,"listenPort":2,"log.level":"loud","zebra":1,"mdns":"on"}');
    const said = (() => {
      try {
        return String(homeAt(path).config);
      } catch (error) {
        return String(error);
      }
    })();
    expect(said).toContain('"listn.port": did you mean listen.port?');
    expect(said).toContain('"listenPort": did you mean listen.port?');
    expect(said).toContain('log.level is "loud", and one of error, warn, info, debug is due');
    expect(said).toContain('no setting "zebra";');
    expect(said).toContain('mdns is "on", and true or false is due');
  });

  it.each([
    ['{"version":2}', 'newer'],
    ['{"listen.port":1}', 'damaged'],
    ['{"version":1,"listen.port":70000}', 'invalid'],
    ['{"version":1,"bootstrap":["no"]}', 'invalid'],
    ['{"version":1,', 'damaged'],
    ['\u0000', 'damaged'],
  ])('%j is refused as %s', async (text, code) => {
    const path = withFile(text);
    expect(await codeOf(() => homeAt(path).config)).toBe(code);
    expect(await codeOf(() => homeAt(path).set('mdns', 'on'))).toBe(code);
    expect(readFileSync(join(path, 'canswarm.config.json'), 'utf8')).toBe(text);
    expect(homeAt(path).keys.list().keys).toEqual([]);
  });

  it('keeps every value that processes set at once', async () => {
    const path = fresh();
    await Promise.all(SETTING_KEYS.map((key) => homeAt(path).set(key, OTHER[key][0])));
    const { origins } = homeAt(path).config;
    expect(new Set(Object.values(origins))).toEqual(new Set(['file']));
  });
});

it('variables that mean nothing are told', () => {
  const env = { CANSWARM_LISTEN_PROT: '1', CANSWARM_HOME: '/x', CANSWARM_PASSPHRASE_FILE: '/y', CANSWARM: '1' };
  expect(homeAt(fresh(), { env }).config.warnings).toEqual([
    'the variable CANSWARM_LISTEN_PROT means nothing: did you mean CANSWARM_LISTEN_PORT?',
  ]);
});

it('a cluster of etcd that cannot be reached as it is named is refused with the reason', () => {
  const wrong: readonly (readonly [text: string, why: string])[] = [
    ['{', 'it is no JSON'],
    ['[]', 'at most 64 names'],
    ['{"home":{"endpoints":["http://b:1"]}}', '"home" cannot be'],
    ['{"B c":{"endpoints":["http://b:1"]}}', '"B c" cannot be'],
    ['{"b":7}', 'b: it is no object'],
    ['{"b":{}}', 'b: endpoints'],
    ['{"b":{"endpoints":["b:1"]}}', 'b: endpoints'],
    ['{"b":{"endpoints":["http://b:1"],"password":"x"}}', 'b: it has no password'],
    ['{"b":{"endpoints":["http://b:1"],"user":7}}', 'b: user is no text'],
  ];
  for (const [text, why] of wrong)
    expect(settingOf('etcd.clusters').parse(text)).toEqual({ ok: false, due: expect.stringContaining(why) });
});

it('docs/CONFIG.md has the table of the code', () => {
  const document = readFileSync(new URL('../../../../docs/CONFIG.md', import.meta.url), 'utf8');
  const rows = (text: string): readonly string[] =>
    text.split('\n').map((line) => line.replace(/ +/g, ' ').replace(/-{3,}/g, '---'));
  const table = rows(settingsMarkdown()).filter((line) => line !== '');
  expect(rows(document)).toEqual(expect.arrayContaining([...table]));
});
