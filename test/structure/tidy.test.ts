import { describe, expect, it } from 'vitest';
import { tidy } from '../../scripts/tidy.ts';
import { brief, type Files, lockedPackages, plant } from './planted.ts';

const source = 'packages/kernel/src/planted.ts';
const test = 'packages/kernel/test/planted.test.ts';
const suite = 'packages/ports/src/compliance/planted.ts';

/** What is planted, and the only findings that it may give. */
const violations: readonly (readonly [name: string, files: Files, findings: readonly string[]])[] = [
  ['a long file', { [source]: 'export {};\n'.repeat(401) }, [`file-length ${source}:401`]],
  [
    'a long file that only claims to be written by a script',
    { [source]: `// Written by scripts/a.ts\n${'export {};\n'.repeat(400)}` },
    [`file-length ${source}:401`],
  ],
  [
    'a long file that no script wrote',
    { 'packages/kernel/src/generated.ts': 'export {};\n'.repeat(401) },
    ['file-length packages/kernel/src/generated.ts:401'],
  ],
  ['a long function', { [source]: `\nfunction f() {\n${'  g();\n'.repeat(69)}}\n` }, [`function-length ${source}:2`]],
  ['a long arrow', { [source]: `const f = () => {\n${'  g();\n'.repeat(69)}};\n` }, [`function-length ${source}:1`]],
  [
    'a long test in a describe block',
    { [test]: `describe('d', () => {\n  it('i', () => {\n${'g();\n'.repeat(69)}});\n});\n` },
    [`function-length ${test}:2`],
  ],
  [
    'a file in camel case',
    { 'packages/kernel/src/camelCase.ts': '' },
    ['kebab-case packages/kernel/src/camelCase.ts:1'],
  ],
  ['a folder with an underscore', { 'docs/my_docs/a.md': '' }, ['kebab-case docs/my_docs/a.md:1']],
  ['unfinished work', { [source]: 'f();\n// TODO: later\n' }, [`unfinished ${source}:2`]],
  ['unfinished work in a block comment', { [source]: '/**\n * a\n * FIXME\n */\n' }, [`unfinished ${source}:3`]],
  ['unfinished prose', { 'docs/a.md': '# A\n\nXXX more\n' }, ['unfinished docs/a.md:3']],
  ['history: previously', { [source]: '/* Previously a map. */\n' }, [`history ${source}:1`]],
  ['history: used to', { [source]: '// It used to return null.\n' }, [`history ${source}:1`]],
  ['history: no longer used', { [source]: '// No longer needed by callers.\n' }, [`history ${source}:1`]],
  ['history: refactored', { [source]: '// refactored from b.ts\n' }, [`history ${source}:1`]],
  ['ts-ignore', { [source]: '// @ts-ignore\n' }, [`silenced-tool ${source}:1`]],
  ['biome-ignore', { [source]: '// biome-ignore lint/x: y\n' }, [`silenced-tool ${source}:1`]],
  ['ts-expect-error in a source', { [source]: '// @ts-expect-error\n' }, [`silenced-tool ${source}:1`]],
  ['as any', { [source]: 'f(x as any);\n' }, [`no-any ${source}:1`]],
  [': any, nested', { [source]: '\nexport const m: Map<string, any[]> = f();\n' }, [`no-any ${source}:2`]],
  ['a non-null assertion', { [source]: 'f(x!);\n' }, [`no-non-null ${source}:1`]],
  ['it.only', { [test]: "it.only('x', () => {});\n" }, [`focused-test ${test}:1`]],
  ['describe.skip', { [test]: "describe.skip('x', () => {});\n" }, [`focused-test ${test}:1`]],
  ['it.skip.each', { [test]: "it.skip.each([1])('x', () => {});\n" }, [`focused-test ${test}:1`]],
  ['a sleep by name', { [test]: 'await sleep(5);\n' }, [`sleep ${test}:1`]],
  ['a sleep', { [test]: 'await new Promise((go) => setTimeout(go, 5));\n' }, [`sleep ${test}:1`]],
  [
    'a sleep in a block',
    { [test]: 'new Promise((go) => {\n  setTimeout(() => { go(); }, 5);\n});\n' },
    [`sleep ${test}:2`],
  ],
  ['a sleep in a suite', { [suite]: 'new Promise((go) => setTimeout(go, 5));\n' }, [`sleep ${suite}:1`]],
  ['a promised timer', { [test]: "import { setTimeout } from 'node:timers/promises';\n" }, [`sleep ${test}:1`]],
  ['a blocking wait', { [test]: 'Atomics.wait(a, 0, 0, 5);\n' }, [`sleep ${test}:1`]],
  ['a file that does not parse', { [source]: 'const = ;\n' }, [`unreadable ${source}:1`]],
  ['a broken link', { 'docs/a.md': '\n[b](b.md)\n' }, ['broken-link docs/a.md:2']],
  ['a broken link definition', { 'docs/a.md': '[b]: ../b.md\n' }, ['broken-link docs/a.md:1']],
  ['a link to no heading', { 'docs/a.md': '[b](../README.md#nothing)\n' }, ['broken-link docs/a.md:1']],
  ['a link out of the repository', { 'docs/a.md': '[b](../../b.md)\n' }, ['broken-link docs/a.md:1']],
];

const kernel = 'packages/kernel/package.json';

function kernelManifest(fields: object): Files {
  return { [kernel]: JSON.stringify({ name: '@canswarm/kernel', version: '0.1.0', ...fields }) };
}

describe('tidy', () => {
  it('passes a clean repository and reads only what is its own', () => {
    const repository = plant({});
    expect(tidy(repository)).toEqual([]);
    expect(repository.files).toContain('packages/kernel/src/index.ts');
    expect(repository.files.filter((path) => /^(out|node_modules)\//.test(path))).toEqual([]);
  });

  it.each(violations)('catches %s', (_name, files, findings) => {
    expect(brief(tidy(plant(files)))).toEqual(findings);
  });

  it.each([['^1.0.0'], ['~1.0.0'], ['*'], ['1.x'], ['>=1.0.0'], ['latest'], ['1.0'], ['']])(
    'catches the version range "%s"',
    (range) => {
      for (const section of ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']) {
        if (section === 'peerDependencies' && range === '*') continue;
        const files = kernelManifest({ [section]: { multiformats: range } });
        expect(brief(tidy(plant(files)))).toEqual([`exact-version ${kernel}:1`]);
      }
    },
  );

  it('leaves the version of a peer to the user', () => {
    expect(tidy(plant(kernelManifest({ peerDependencies: { multiformats: '*' } })))).toEqual([]);
  });

  it('catches a package of another version', () => {
    expect(brief(tidy(plant(kernelManifest({ version: '0.2.0' }))))).toEqual([`one-version ${kernel}:1`]);
  });

  it('catches a package without README.md and without src/index.ts', () => {
    const findings = brief(tidy(plant({ 'packages/empty/package.json': '{"name":"empty","version":"0.1.0"}' })));
    expect(findings).toEqual(Array(2).fill('package-files packages/empty/package.json:1'));
  });

  it.each([
    ['that lacks a package', { packages: { '': { devDependencies: { vitest: '4.1.12' } } } }, 5],
    ['that lacks a dependency', { packages: { ...lockedPackages(), 'packages/kernel': {} } }, 1],
    ['of another version', { packages: { ...lockedPackages(), '': { devDependencies: { vitest: '4.1.11' } } } }, 1],
    [
      'that lacks the binary of a platform',
      {
        packages: {
          ...lockedPackages(),
          'node_modules/native': { optionalDependencies: { 'native-here': '1.0.0', 'native-there': '1.0.0' } },
          'node_modules/native/node_modules/native-here': { version: '1.0.0', optional: true },
        },
      },
      1,
    ],
  ])('catches a lock file %s', (_name, lock, count) => {
    const findings = brief(tidy(plant({ 'package-lock.json': JSON.stringify(lock) })));
    expect(findings).toEqual(Array(count).fill('lock-file package-lock.json:1'));
  });

  it('accepts what only looks like a violation', () => {
    const files = {
      'docs/a.md':
        '```\nTODO [b](b.md)\n```\n\n`TODO` [web](https://example.org/x) [up](..) [c](a.md#b--c)\n\n## B & C\n',
      [test]: '// @ts-expect-error: a string is no number\nf("TODO: any @ts-ignore");\n',
      'packages/ports/src/compliance/real-world.ts': 'new Promise((go) => setTimeout(go, 5));\n',
      [source]: `describe('d', () => {\n${'  g();\n'.repeat(80)}});\n`,
      'packages/kernel/src/generated-types.ts': `// Written by scripts/a.ts\n${'export {};\n'.repeat(500)}`,
    };
    expect(tidy(plant(files))).toEqual([]);
  });
});
