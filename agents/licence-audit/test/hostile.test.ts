import type { NamedFiles } from '@canswarm/agent-testing';
import { concat, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../src/work/result.ts';
import { MIT } from './support/licence-words.ts';
import { project } from './support/projects.ts';
import { reasonsAgainst, work } from './support/work.ts';

const LOCK = '{"lockfileVersion":3,"packages":{"":{},"node_modules/a":{"version":"1.0.0"}}}';

/** Audits a package whose files are these and holds that the check agrees. */
async function audited(files: NamedFiles): Promise<Audit['packages'][number]> {
  const named = files instanceof Map ? Object.fromEntries(files) : files;
  const done = await work({ deny: ['GPL-3.0'] }, { 'package-lock.json': LOCK, ...named });
  expect(await done.evaluate()).toEqual({ verdict: 'pass', reasons: [] });
  const [one] = (done.output.value as unknown as Audit).packages;
  if (one === undefined) throw new Error('one package was to be audited');
  return one;
}

const manifest = (bytes: Uint8Array | string): Promise<Audit['packages'][number]> =>
  audited({ 'node_modules/a/package.json': bytes });
const text = (bytes: Uint8Array | string): Promise<Audit['packages'][number]> =>
  audited({ 'node_modules/a/package.json': '{"license":"MIT"}', 'node_modules/a/LICENSE': bytes });

describe('hostile manifests', () => {
  it.each([
    ['empty', ''],
    ['no object', '["license"]'],
    ['cut off', '{"license":"MIT"'],
    ['with more after it', '{"license":"MIT"} x'],
    ['with a comment', '{"license":"MIT" /* yes */}'],
    ['no UTF-8', concat([utf8('{"license":"M'), new Uint8Array([0xff]), utf8('IT"}')])],
    ['UTF-16', new Uint8Array([...'{"license":"MIT"}'].flatMap((letter) => [letter.charCodeAt(0), 0]))],
    ['with NUL in a string', '{"license":"MIT\u0000"}'],
    ['nested too deep', `{"license":"MIT","x":${'['.repeat(300)}${']'.repeat(300)}}`],
    ['nested beyond all measure', `{"x":${'{"x":'.repeat(150_000)}`],
    ['too large', `{"license":"MIT","x":"${' '.repeat(1_048_576)}"}`],
  ])('%s are unreadable', async (_, bytes) => {
    expect(await manifest(bytes)).toMatchObject({ said: null, verdict: 'unknown', notes: ['manifest_unreadable'] });
  });

  it.each([
    ['a byte order mark', '\uFEFF{"license":"MIT"}', 'MIT'],
    ['CRLF and tabs', '\r\n{\r\n\t"license"\r\n:\t"MIT"\r\n}\r\n', 'MIT'],
    ['the member twice', '{"license":"ISC","license":"MIT"}', 'MIT'],
    ['an escaped key and value', '{"licen\\u0073e":"\\u004dIT"}', 'MIT'],
    ['keys of the prototype', '{"__proto__":{"license":"GPL-3.0"},"constructor":{},"license":"MIT"}', 'MIT'],
    ['brackets in strings', '{"a":"}{\\"]","b":["\\\\"],"license":"MIT"}', 'MIT'],
    ['the deepest that is read', `{"license":"MIT","x":${'['.repeat(255)}${']'.repeat(255)}}`, 'MIT'],
    ['letters of many bytes before it', '{"author":"日本 🎉","license":"MIT"}', 'MIT'],
    ['an empty licence, and a list', '{"license":"","licenses":["MIT"]}', 'MIT'],
    ['an object of old', '{"license":{"type":"MIT","url":"x"}}', 'MIT'],
  ])('%s is read', async (_, bytes, said) => {
    expect(await manifest(bytes)).toMatchObject({ said, declared: said, verdict: 'allowed' });
  });

  it.each([
    ['none', '{"name":"a"}', 'no_licence'],
    ['only in the prototype', '{"__proto__":{"license":"MIT"}}', 'no_licence'],
    ['a number', '{"license":7}', 'licence_unreadable'],
    ['an empty list', '{"license":[]}', 'licence_unreadable'],
    ['a list of anything', '{"licenses":["MIT",null]}', 'licence_unreadable'],
    ['lone surrogates', '{"license":"\\ud800"}', 'licence_unreadable'],
    ['control characters', '{"license":"MIT\\u0007"}', 'licence_unreadable'],
    ['too long', `{"license":"${'MIT OR '.repeat(40)}MIT"}`, 'licence_unreadable'],
    ['too long to be cited', `{"license":{"type":"MIT","url":"${'x'.repeat(4_096)}"}}`, 'licence_unreadable'],
  ])('a licence that is %s is none', async (_, bytes, note) => {
    expect(await manifest(bytes)).toMatchObject({ said: null, citations: [], notes: [note] });
  });

  it.each(['MIT OR', '(MIT', 'mit', 'MIT ISC', '((((', 'MIT WITH MIT', 'MIT ANDISC', 'SEE LICENSE IN x', '=cmd|calc'])(
    'the words %s are no expression',
    async (said) => {
      expect(await manifest(JSON.stringify({ license: said }))).toMatchObject({
        said,
        declared: null,
        notes: ['not_spdx'],
      });
    },
  );
});

describe('hostile licence files', () => {
  it.each([
    ['empty', '', 0],
    ['binary', new Uint8Array(10_000).map((_, index) => (index * 7919) % 256), 0],
    ['CR alone', MIT.replaceAll('\n', '\r'), 1],
    ['in comments and capitals', MIT.toUpperCase().replace(/^/gm, ' * '), 1],
    ['Latin-1 before the words', concat([new Uint8Array([0xa9, 0xfc]), utf8(MIT)]), 1],
    ['no UTF-8 among the words', concat([utf8(MIT.slice(0, 60)), new Uint8Array([0xff]), utf8(MIT.slice(60))]), 0],
    ['NUL between the words', MIT.replaceAll(' ', '\u0000'), 1],
    ['words too far apart to be cited', MIT.replaceAll(' ', ' '.repeat(300)), 0],
    ['words run together', MIT.replaceAll(' ', ''), 0],
    ['as large as is read', `${' '.repeat(1_048_576 - MIT.length)}${MIT}`, 1],
    ['begun ten thousand times', `${'Permission is hereby granted, free of charge, to any '.repeat(10_000)}${MIT}`, 1],
    ['the words over and over', MIT.repeat(1_500), 1],
  ])('%s', async (_, bytes, found) => {
    expect((await text(bytes)).found).toHaveLength(found);
  });

  it('too large ones are not looked at', async () => {
    expect(await text(`${MIT}${' '.repeat(1_048_577)}`)).toMatchObject({ found: [], notes: ['text_too_large'] });
  });
});

describe('hostile lockfiles', () => {
  it('with names of the prototype, strange paths and entries', async () => {
    const strange = [
      '__proto__',
      'node_modules/__proto__',
      'node_modules/constructor',
      '../../etc',
      '/etc',
      'a//b',
      '7',
    ];
    const paths = [...strange, 'node_modules/', 'x/node_modules/y/', 'node_modules/\ud800', 'x'.repeat(513), '日本'];
    const packages = Object.fromEntries(paths.map((path) => [path, { entry: { version: '1.0.0', license: 'MIT' } }]));
    const { value, files } = project({ allow: ['MIT'] }, packages);
    const done = await work(value, files);
    expect(await done.evaluate()).toEqual({ verdict: 'pass', reasons: [] });
    const { packages: told, unusable } = done.output.value as unknown as Audit;
    // Object.fromEntries keeps "__proto__" as a name of its own.
    expect(told.map(({ path }) => path)).toEqual(expect.arrayContaining([...strange, '日本']));
    expect(unusable).toHaveLength(2);
  });

  it('with entries of any type', async () => {
    const entries = [
      null,
      7,
      'x',
      [],
      {},
      { version: 7 },
      { version: '' },
      { name: '\u0000' },
      { name: 5, license: 5 },
    ];
    const packages = Object.fromEntries(entries.map((entry, index) => [`node_modules/p${index}`, { entry }]));
    const { value, files } = project({ allow: ['', 'x'.repeat(300).slice(0, 256), 'MIT OR ISC', '(MIT)'] }, packages);
    const done = await work(value, files);
    expect(await done.evaluate()).toEqual({ verdict: 'pass', reasons: [] });
    expect((done.output.value as unknown as Audit).unusable).toHaveLength(9);
  });

  it('with a path twice, of which the last counts, and a byte order mark', async () => {
    const lock = `\uFEFF{"packages":{},"lockfileVersion":2,"packages":{"node_modules/a":{"version":"1"},"node_modules/a":{"version":"2","license":"ISC"}}}`;
    const done = await work({}, { 'package-lock.json': lock });
    expect(await done.evaluate()).toEqual({ verdict: 'pass', reasons: [] });
    expect((done.output.value as unknown as Audit).packages).toMatchObject([{ version: '2', said: 'ISC' }]);
  });

  it('with as many packages as an audit takes', async () => {
    const packages = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [
        `node_modules/p${index}`,
        { manifest: '{"license":"MIT"}', texts: { LICENSE: MIT, COPYING: MIT } },
      ]),
    );
    const { value, files } = project({ allow: ['MIT'] }, packages);
    const done = await work(value, files);
    expect(await reasonsAgainst(done.input, done.output)).toEqual([]);
    const { summary, packages: told } = done.output.value as unknown as Audit;
    expect(summary.allowed).toBe(5_000);
    expect(told.every(({ citations }) => citations.length === 2)).toBe(true);
  });
});
