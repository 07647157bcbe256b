import { filesIn } from '@canswarm/agent-testing';
import { fromUtf8, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { example } from '../src/example.ts';
import type { Audit } from '../src/work/result.ts';
import { GPL3, MIT } from './support/licence-words.ts';
import { motley, project, saying } from './support/projects.ts';
import { reasonsAgainst, work } from './support/work.ts';

async function auditOf(...of: Parameters<typeof project>): Promise<Audit> {
  const { value, files } = project(...of);
  const done = await work(value, files);
  expect(await done.evaluate()).toEqual({ verdict: 'pass', reasons: [] });
  return done.output.value as unknown as Audit;
}

const verdictOf = async (license: unknown, value: Parameters<typeof project>[0]): Promise<string | undefined> =>
  (await auditOf(value, { 'node_modules/a': saying(license) })).packages[0]?.verdict;

describe('an audit', () => {
  it('says of each package what it says, what lies with it and how that stands', async () => {
    const { value, files } = motley();
    const done = await work(value, files);
    expect(await done.evaluate()).toEqual({ verdict: 'pass', reasons: [] });
    const { packages, summary, unusable } = done.output.value as unknown as Audit;
    const told = Object.fromEntries(packages.map(({ name, verdict, notes }) => [name, [verdict, ...notes].join(' ')]));
    expect(told).toEqual({
      plain: 'allowed',
      choice: 'allowed',
      both: 'denied',
      'other-text': 'mismatch text_differs',
      hidden: 'mismatch denied_text',
      many: 'allowed',
      old: 'allowed licence_form',
      free: 'unknown not_spdx',
      silent: 'unknown no_licence',
      broken: 'unknown manifest_unreadable',
      absent: 'allowed not_installed',
      newer: 'mismatch version_differs',
      renamed: 'mismatch name_differs',
      '@scope/inner': 'allowed',
      'said-twice': 'allowed lock_differs',
      '@x/own': 'allowed',
      tool: 'unknown',
    });
    expect(summary).toEqual({ packages: 17, denied: 1, mismatch: 4, unknown: 4, allowed: 8, links: 1, development: 0 });
    expect(unusable).toEqual([
      { what: 'allow', text: 'no licence', reason: 'licence' },
      { what: 'deny', text: 'GPL', reason: 'licence' },
      { what: 'package', text: 'node_modules/\u0001', reason: 'path' },
      { what: 'package', text: 'node_modules/no-entry', reason: 'entry' },
    ]);
    const quotes = new Map(done.output.citations.map(({ key, citation }) => [key, citation.quote]));
    const old = packages.find(({ name }) => name === 'old');
    expect(old).toMatchObject({ said: '(MIT OR Apache-2.0)', found: [{ file: 'LICENSE', licence: 'Apache-2.0' }] });
    expect(quotes.get(old?.citations[0] ?? '')).toContain('"url": "x"');
    expect(quotes.get(old?.citations[1] ?? '')?.replace(/\s+/g, ' ')).toBe('Apache License Version 2.0, January 2004');
    const absent = packages.find(({ name }) => name === 'absent');
    expect(absent?.source).toBe('package-lock.json');
    expect(quotes.get(absent?.citations[0] ?? '')).toBe('"license":"ISC"');
    expect((await work(value, files)).outputCid).toBe(done.outputCid);
  });

  it('goes by the most specific entry of the lists', async () => {
    expect(await verdictOf('GPL-2.0-or-later', { deny: ['GPL-2.0'] })).toBe('denied');
    expect(await verdictOf('GPL-2.0+', { deny: ['GPL-2.0'], allow: ['GPL-2.0-or-later'] })).toBe('allowed');
    expect(await verdictOf('GPL-2.0-only', { deny: ['GPL-2.0-or-later'], allow: ['MIT'] })).toBe('unknown');
    const exempted = 'GPL-2.0-only WITH Classpath-exception-2.0';
    expect(await verdictOf(exempted, { deny: ['GPL-2.0'] })).toBe('denied');
    expect(await verdictOf(exempted, { deny: ['GPL-2.0'], allow: [exempted] })).toBe('allowed');
    expect(await verdictOf('MIT', { allow: ['MIT'], deny: ['MIT'] })).toBe('denied');
    expect(await verdictOf('MIT', {})).toBe('allowed');
    expect(await verdictOf('MIT', { allow: [] })).toBe('unknown');
  });

  it('evaluates expressions by choice and sum', async () => {
    const lists = { allow: ['MIT'], deny: ['GPL-3.0'] };
    expect(await verdictOf('MIT AND ISC OR GPL-3.0', lists)).toBe('unknown');
    expect(await verdictOf('MIT OR ISC AND GPL-3.0', lists)).toBe('allowed');
    expect(await verdictOf('(MIT OR ISC) AND GPL-3.0-or-later', lists)).toBe('denied');
    expect(await verdictOf('LicenseRef-own OR MIT', lists)).toBe('allowed');
  });

  it('leaves out what only development needs when production is asked for', async () => {
    const { value, files } = motley();
    const done = await work({ ...(value as object), production: true }, files);
    expect(await done.evaluate()).toEqual({ verdict: 'pass', reasons: [] });
    const { packages, summary } = done.output.value as unknown as Audit;
    expect(summary.development).toBe(1);
    expect(packages.some(({ name }) => name === 'tool')).toBe(false);
  });

  it('tells of many texts as far as there are citations for them', async () => {
    const texts = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`LICENSE-${index}`, MIT]));
    const { packages } = await auditOf({}, { 'node_modules/a': saying('MIT', texts) });
    expect(packages[0]?.found).toHaveLength(8);
    expect(packages[0]?.notes).toEqual(['texts_left_out']);
  });

  it('writes hostile names so that nothing acts in the report', async () => {
    const path = 'node_modules/`|<img src=x onerror=alert(1)>\\[a](javascript:x)www.example.com\u202e';
    const { value, files } = project({}, { [path]: saying('MIT`|\u200b', { 'LICENSE|`': GPL3 }) });
    const done = await work(value, files);
    expect(await done.evaluate()).toEqual({ verdict: 'pass', reasons: [] });
    const report = fromUtf8(await done.output.files.bytes('report.md')) ?? '';
    expect(report).toContain('\\u{60}\\u{7c}<img src=x onerror=alert(1)>\\u{5c}[a]');
    expect(report).toContain('\\u{202e}`');
    const [row = ''] = report.split('\n').filter((line) => line.startsWith('| `'));
    expect(row.split('`').length % 2).toBe(1);
    expect(row.replace(/`[^`]*`/g, '')).toMatch(/^[A-Za-z0-9|,_. -]*$/);
  });
});

describe('what is no audit at all', () => {
  it('is yielded with a reason', async () => {
    const { files } = motley();
    const without = new Map([...files].filter(([name]) => name !== 'package-lock.json'));
    await expect(work({}, without)).rejects.toThrow('there is no package-lock.json');
    const lock = (text: string): Map<string, Uint8Array> => new Map([['package-lock.json', utf8(text)]]);
    await expect(work({}, lock('{"lockfileVersion":1,"dependencies":{}}'))).rejects.toThrow('lockfileVersion 1');
    await expect(work({}, lock('{"lockfileVersion":3}'))).rejects.toThrow('no object "packages"');
    await expect(work({}, lock('[1]'))).rejects.toThrow('no JSON object');
    await expect(work({}, lock(`${'['.repeat(300)}${']'.repeat(300)}`))).rejects.toThrow('no JSON object');
    const many = Object.fromEntries(Array.from({ length: 5_001 }, (_, index) => [`node_modules/${index}`, {}]));
    await expect(work({}, lock(JSON.stringify({ lockfileVersion: 3, packages: many })))).rejects.toThrow(
      'more than 5000',
    );
    await expect(work({ allow: 'MIT' }, files)).rejects.toThrow('schema');
  });

  it('lets no result pass', async () => {
    const { value, files } = motley();
    const { input, output } = await work(value, files);
    const about = async (changed: Partial<typeof input>): Promise<string> =>
      (await reasonsAgainst({ ...input, ...changed }, output)).join();
    expect(await about({ value: { allow: 7 } })).toContain('no request');
    expect(await about({ files: filesIn(new Map()) })).toContain('no package-lock.json');
    const old = filesIn(new Map([['package-lock.json', utf8('{"lockfileVersion":1,"packages":{}}')]]));
    expect(await about({ files: old })).toContain('version 2 or 3');
    for (const wrong of [null, [], { packages: [] }, { ...(output.value as object), more: 1 }])
      expect((await reasonsAgainst(input, { ...output, value: wrong })).join()).toContain('form of an audit');
    const more = filesIn(new Map([...files].slice(0, 2)));
    expect((await reasonsAgainst(input, { ...output, files: more })).join()).toContain('report.md');
  });
});

it('comes with an example that passes', async () => {
  const done = await work({ allow: ['MIT'] }, example.files ?? {});
  expect(done.output.value).toEqual(example.output);
  expect(await done.output.files.text('report.md')).toBe(example.outputFiles?.['report.md']);
  expect(await done.evaluate()).toEqual({ verdict: 'pass', reasons: [] });
});
