import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tellTexts } from '../src/check/tell.ts';
import type { Audit } from '../src/work/result.ts';
import { findTexts } from '../src/work/texts.ts';
import { hiddenLockfile, installed } from './support/projects.ts';
import { work } from './support/work.ts';

/** Licences as Debian ships them, where it does; the list says what each is known as. */
const COMMON = '/usr/share/common-licenses';
const KNOWN_AS = {
  'Apache-2.0': 'Apache-2.0',
  BSD: 'BSD-3-Clause',
  'CC0-1.0': 'CC0-1.0',
  'GFDL-1.3': '',
  'GPL-1': 'GPL-1.0',
  'GPL-2': 'GPL-2.0',
  'GPL-3': 'GPL-3.0',
  'LGPL-2': 'LGPL-2.0',
  'LGPL-2.1': 'LGPL-2.1',
  'LGPL-3': 'LGPL-3.0',
  'MPL-1.1': '',
  'MPL-2.0': 'MPL-2.0',
};

describe('lockfiles and packages that others wrote', () => {
  it('audits what this repository has installed', async () => {
    const { value, files } = await installed({ allow: ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause'] });
    const done = await work(value, files);
    expect(await done.evaluate()).toEqual({ verdict: 'pass', reasons: [] });
    const { packages, summary } = done.output.value as unknown as Audit;
    expect(summary.packages).toBeGreaterThan(200);
    expect(summary.mismatch).toBe(0);
    const vite = packages.find(({ path }) => path === 'node_modules/vite');
    expect(vite).toMatchObject({ declared: 'MIT', verdict: 'allowed', source: 'package.json' });
    expect(vite?.found.map(({ licence }) => licence)).toEqual(['BSD-2-Clause', 'ISC', 'MIT']);
    const [first = ''] = vite?.citations ?? [];
    const citation = done.output.citations.find(({ key }) => key === first)?.citation;
    expect(citation?.quote).toBe('"license": "MIT"');
    // Of what an installed package says of itself, its texts say the same wherever they are known.
    for (const { declared, found } of packages.filter((one) => one.found.length > 0))
      expect(found.some(({ licence }) => declared?.includes(licence))).toBe(true);
  });

  it.each(['', 'node_modules/node'])('audits the lockfile that npm hides in "%s/node_modules"', async (folder) => {
    const { value, files } = await hiddenLockfile({ deny: ['MIT'], production: true }, folder);
    const done = await work(value, files);
    expect(await done.evaluate()).toEqual({ verdict: 'pass', reasons: [] });
    expect((done.output.value as unknown as Audit).summary.packages).toBeGreaterThan(0);
  });

  it.skipIf(!existsSync(COMMON))('knows common licences by their texts', () => {
    const texts = Object.keys(KNOWN_AS).filter((name) => existsSync(`${COMMON}/${name}`));
    expect(texts.length).toBeGreaterThan(0);
    for (const name of texts) {
      const bytes = new Uint8Array(readFileSync(`${COMMON}/${name}`));
      expect([
        name,
        findTexts(bytes)
          .map(({ licence }) => licence)
          .join(),
      ]).toEqual([name, KNOWN_AS[name as keyof typeof KNOWN_AS]]);
      expect(tellTexts(bytes)).toEqual(findTexts(bytes));
    }
  });
});
