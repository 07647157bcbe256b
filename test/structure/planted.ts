import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Finding } from '../../scripts/repository/finding.ts';
import { openRepository, type Repository } from '../../scripts/repository/repository.ts';

/** Path to text. */
export type Files = Readonly<Record<string, string>>;

function manifest(name: string, dependencies: Readonly<Record<string, string>>): string {
  return JSON.stringify({ name, version: '0.1.0', dependencies });
}

/** A small repository that keeps every rule; it uses each thing that a rule could take for a violation. */
const clean: Files = {
  '.gitignore': 'node_modules/\n/out/\n',
  'package.json': JSON.stringify({
    name: 'planted',
    version: '0.1.0',
    workspaces: ['packages/*', 'packages/adapters/*'],
    devDependencies: { vitest: '4.1.12' },
  }),
  'README.md':
    '# Planted\n\nSee [the law](packages/kernel/README.md#the-law) and [here](#planted). `[x](nowhere.md)`\n',
  'out/report.md': '[not ours](nowhere.md)\n',
  'node_modules/other/index.ts': 'export const x: any = 1;\n',
  'packages/protocol/package.json': manifest('@canswarm/protocol', { multiformats: '14.0.5' }),
  'packages/protocol/README.md': '# protocol\n',
  'packages/protocol/src/index.ts':
    "import { CID } from 'multiformats/cid';\n\nexport const parse = (text: string) => CID.parse(text);\n",
  'packages/kernel/package.json': manifest('@canswarm/kernel', { '@canswarm/protocol': '0.1.0' }),
  'packages/kernel/README.md': '# kernel\n\n## The *law*\n',
  'packages/kernel/src/index.ts': [
    "import { parse } from '@canswarm/protocol';",
    "import type { Amount } from './amount.ts';",
    '',
    '/** A key used to sign; a lease that no longer stands. */',
    'interface Date { readonly ms: number }',
    'export function judge(crypto: { verify(): boolean }, process: Date, text: string): Amount {',
    '  const { performance = Math.max(1, 2) } = { performance: process.ms };',
    "  return crypto.verify() ? performance : parse(text + 'setTimeout: 1.5 // Date').version;",
    '}',
    '',
  ].join('\n'),
  'packages/kernel/src/amount.ts': 'export type Amount = number;\n',
  'packages/kernel/test/judge.test.ts': [
    "import { expect, it } from 'vitest';",
    "import { judge } from '../src/index.ts';",
    '',
    "it.skipIf(process.env['CI'] === 'never')('judges by a deadline', async () => {",
    '  await new Promise<void>((resolve, reject) => {',
    "    setTimeout(() => reject(new Error('deadline')), 1000);",
    '    resolve();',
    '  });',
    "  expect(judge({ verify: () => true }, { ms: 1 }, '')).toBe(1);",
    '});',
    '',
  ].join('\n'),
  'packages/ports/package.json': manifest('@canswarm/ports', { '@canswarm/protocol': '0.1.0' }),
  'packages/ports/README.md': '# ports\n',
  'packages/ports/src/index.ts': "export { parse } from '@canswarm/protocol';\n",
  'packages/adapters/local/package.json': manifest('@canswarm/local', { '@canswarm/ports': '0.1.0' }),
  'packages/adapters/local/README.md': '# local\n',
  'packages/adapters/local/src/index.ts': [
    "import { parse } from '@canswarm/ports';",
    '',
    'export const load = async (name: string): Promise<unknown> => [await import(name), parse(name), Date.now()];',
    '',
  ].join('\n'),
  'packages/adapters/local/test/load.test.ts': "import '@canswarm/ports/compliance';\nimport 'vitest';\n",
  'packages/cli/package.json': manifest('@canswarm/cli', { '@canswarm/kernel': '0.1.0' }),
  'packages/cli/README.md': '# cli\n',
  'packages/cli/src/index.ts': "export * from '@canswarm/kernel';\n",
};

/** The entries of a lock file that fits the package.json files among `files`. */
export function lockedPackages(files: Files = clean): Readonly<Record<string, object>> {
  const manifests = Object.entries(files).filter(([path]) => /(^|\/)package\.json$/.test(path));
  const own = manifests.map(([path, text]) => [path.replace(/\/?package\.json$/, ''), JSON.parse(text)]);
  return { ...Object.fromEntries(own), 'node_modules/multiformats': { version: '14.0.5' } };
}

/** The clean repository with `files` added or replaced, in a temporary folder that goes when the test ends. */
export function plant(files: Files): Repository {
  const root = mkdtempSync(join(tmpdir(), 'canswarm-planted-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const all = { ...clean, ...files };
  const lock = JSON.stringify({ packages: lockedPackages(all) });
  for (const [path, text] of Object.entries({ 'package-lock.json': lock, ...all })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return openRepository(root);
}

/** What a test compares: `rule path:line`, sorted. */
export function brief(findings: readonly Finding[]): string[] {
  return findings.map(({ rule, path, line }) => `${rule} ${path}:${line}`).sort();
}
