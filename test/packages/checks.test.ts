import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { contentProblems } from './contents.ts';
import { importProblems } from './imports.ts';

type Files = Readonly<Record<string, string>>;

const manifest = {
  name: '@canswarm/planted',
  version: '0.1.0',
  license: 'Apache-2.0',
  type: 'module',
  engines: { node: '>=22.18' },
  exports: { '.': { types: './src/index.d.ts', default: './src/index.js' } },
  bin: { planted: 'bin/planted.js' },
  dependencies: { '@canswarm/kernel': '0.1.0', parse5: '8.1.1' },
  peerDependencies: { vitest: '*' },
};

/** A package with nothing wrong; it has what could be taken for a mistake. */
const sound: Files = {
  LICENSE: 'Apache\n',
  'README.md':
    '# planted\n\nSee [more](src/README.md), [the top](#planted) and [npm](https://npmjs.com). `[x](nowhere.md)`\n',
  'package.json': JSON.stringify(manifest),
  'bin/planted.js': "#!/usr/bin/env node\nimport '../src/index.js';\n",
  'src/README.md': '# src\n\nBack to [planted](../README.md#planted).\n',
  'src/index.js': [
    "import { readFileSync } from 'node:fs';",
    "import 'parse5/lib/x.js';",
    "import 'vitest';",
    "import '@canswarm/planted';",
    "const entry = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);",
    "export const text = readFileSync(new URL('./words.json', import.meta.url)) + import.meta.resolve('@canswarm/kernel');",
    'export const load = (name) => import(name);',
  ].join('\n'),
  'src/index.d.ts':
    "export { type Entry } from './thread.ts';\nexport declare const text: import('parse5').Document;\n",
  'src/thread.js': 'export {};\n',
  'src/thread.d.ts': 'export type Entry = string;\n',
  'src/words.json': '["/home/somebody/else"]\n',
};

const published = new Map([
  ['@canswarm/planted', '0.1.0'],
  ['@canswarm/kernel', '0.1.0'],
]);

/** All problems of the sound package with `files` put in its place; null takes a file away. */
function problemsWith(files: Readonly<Record<string, string | null>>, commandMode = 0o755): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'canswarm-planted-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries({ ...sound, ...files })) {
    if (text === null) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  chmodSync(join(folder, 'bin/planted.js'), commandMode);
  return [...contentProblems(folder, published, '/work/place'), ...importProblems(folder)];
}

const fields = (changed: object): Files => ({ 'package.json': JSON.stringify({ ...manifest, ...changed }) });
const index = (line: string): Files => ({ 'src/index.js': `${sound['src/index.js']}\n${line}\n` });

describe('the checks of a packed package', () => {
  it('find nothing in a sound one', () => {
    expect(problemsWith({})).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, string | null>>, string]>([
    ['no license', { LICENSE: null }, 'no LICENSE'],
    ['no README', { 'README.md': null }, 'no README.md'],
    ['a source', { 'src/index.ts': 'export {};\n' }, 'src/index.ts is a source'],
    ['a test', { 'test/index.js': 'export {};\n' }, 'test/index.js is not for users'],
    ['a source map', { 'src/index.js.map': '{}\n' }, 'src/index.js.map is not for users'],
    ['a place of the build', index("// '/work/place/x'"), 'src/index.js names the folder it was built in'],
    ['a dead link', { 'README.md': '[a](../b.md)\n' }, 'README.md links to ../b.md, which is not there'],
    ['a script', fields({ scripts: { postinstall: 'x' } }), 'package.json has scripts'],
    ['development', fields({ devDependencies: {} }), 'package.json has devDependencies'],
    ['a private package', fields({ private: true }), 'package.json has private'],
    ['CommonJS', fields({ type: 'commonjs' }), 'package.json is not of type module'],
    ['no terms', fields({ license: undefined }), 'package.json has no license'],
    ['another Node', fields({ engines: { node: '>=24' } }), 'package.json does not ask for Node >=22.18'],
    [
      'a range',
      fields({ dependencies: { ...manifest.dependencies, parse5: '^8.1.1' } }),
      'parse5 "^8.1.1" is not one version',
    ],
    [
      'a package of ours that is not there',
      fields({ dependencies: { ...manifest.dependencies, '@canswarm/kernel': '0.2.0' } }),
      '@canswarm/kernel 0.2.0 is not published along',
    ],
    ['no door', fields({ exports: {} }), 'package.json has no exports'],
    [
      'a door to a source',
      fields({ exports: { '.': { types: './src/index.d.ts', default: './src/index.ts' } } }),
      'the door . leads to "./src/index.ts"',
    ],
    ['a door without types', fields({ exports: { '.': { default: './src/index.js' } } }), 'the door . leads to ""'],
    [
      'a command that is not there',
      fields({ bin: { planted: 'bin/x.js' } }),
      'the command planted leads to "bin/x.js"',
    ],
    [
      'a command without Node',
      { 'bin/planted.js': 'export {};\n' },
      'the command planted does not say that Node runs it',
    ],
    ['a file that cannot be read', index('const = 1;'), 'src/index.js cannot be read: Unexpected token'],
    ['an import of nothing', index("import './nowhere.js';"), 'src/index.js imports ./nowhere.js'],
    ['an import of a source', index("import('./thread.ts');"), 'src/index.js imports ./thread.ts'],
    ['an import that is not declared', index("import 'left-pad';"), 'src/index.js imports left-pad'],
    [
      'a module that is not declared',
      index("import.meta.resolve('@canswarm/node');"),
      'src/index.js imports @canswarm/node',
    ],
    ['a worker that is a source', index("new URL('./thread.ts', import.meta.url);"), 'src/index.js names ./thread.ts'],
    ['a worker that is not there', { 'src/thread.js': null }, 'src/index.js names ./thread.js'],
    ['data that is not there', { 'src/words.json': null }, 'src/index.js names ./words.json'],
    ['declarations that are not there', { 'src/thread.d.ts': null }, 'src/index.d.ts imports ./thread.ts'],
  ])('find %s', (_name, files, problem) => {
    expect(problemsWith(files)).toContain(problem);
  });

  it('find a command that is not executable', () => {
    expect(problemsWith({}, 0o644)).toEqual(['the command planted is not executable']);
  });
});
