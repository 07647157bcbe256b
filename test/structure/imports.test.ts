import { describe, expect, it } from 'vitest';
import { findCycles } from '../../scripts/imports/graph.ts';
import { imports } from '../../scripts/imports.ts';
import { brief, type Files, plant } from './planted.ts';

const kernel = 'packages/kernel/src/planted.ts';
const ports = 'packages/ports/src/planted.ts';
const local = 'packages/adapters/local/src/planted.ts';
const kernelTest = 'packages/kernel/test/planted.test.ts';

const violations: readonly (readonly [name: string, files: Files, findings: readonly string[]])[] = [
  // A package.json that declares the wrong dependency makes the arrow, not the declaration, what is caught.
  ['protocol importing kernel', arrow('packages/protocol', 'kernel'), ['arrows packages/protocol/src/planted.ts:1']],
  ['kernel importing ports', arrow('packages/kernel', 'ports'), [`arrows ${kernel}:1`]],
  ['ports importing kernel', arrow('packages/ports', 'kernel'), [`arrows ${ports}:1`]],
  ['an adapter importing kernel', arrow('packages/adapters/local', 'kernel'), [`arrows ${local}:1`]],
  ['anything importing cli', { [kernelTest]: "import '@canswarm/cli';\n" }, [`arrows ${kernelTest}:1`]],
  ['a package without a row', arrow('packages/unknown', 'protocol'), ['arrows packages/unknown/src/planted.ts:1']],
  ['a deep import', { [local]: "import '@canswarm/ports/src/index.ts';\n" }, [`one-door ${local}:1`]],
  ['the compliance door from a source', { [local]: "import '@canswarm/ports/compliance';\n" }, [`one-door ${local}:1`]],
  [
    'a relative import of another package',
    { [local]: "import '../../../ports/src/index.ts';\n" },
    [`one-door ${local}:1`],
  ],
  [
    'a relative import from outside',
    { 'bench/a.ts': "import '../packages/kernel/src/index.ts';\n" },
    ['one-door bench/a.ts:1'],
  ],
  [
    'a relative import of the root',
    { [kernel]: "import '../../../bench/a.ts';\n", 'bench/a.ts': '' },
    [`one-door ${kernel}:1`],
  ],
  ['a package importing itself by name', { [kernel]: "import '@canswarm/kernel';\n" }, [`one-door ${kernel}:1`]],
  ['a file that is not there', { [kernel]: "import './nowhere.ts';\n" }, [`missing-file ${kernel}:1`]],
  ['an undeclared dependency', { [local]: "import 'left-pad/x';\n" }, [`undeclared ${local}:1`]],
  ['a development dependency in a source', { [local]: "import 'vitest';\n" }, [`undeclared ${local}:1`]],
  ['an undeclared dependency of the root', { 'bench/a.ts': "import 'left-pad';\n" }, ['undeclared bench/a.ts:1']],
  [
    'a computed import',
    { [ports]: 'export const load = (name: string) => import(name);\n' },
    [`computed-import ${ports}:1`],
  ],
  [
    'a cycle of two files',
    { [ports]: "import './other.ts';\n", 'packages/ports/src/other.ts': "import './planted.ts';\n" },
    ['file-cycle packages/ports/src/other.ts:1'],
  ],
  ['a file that imports itself', { [ports]: "export * from './planted.ts';\n" }, [`file-cycle ${ports}:1`]],
];

/** A package whose package.json and source both name another workspace package. */
function arrow(dir: string, target: string): Files {
  const name = dir.replace(/^.*\//, '@canswarm/');
  const dependencies = { '@canswarm/protocol': '0.1.0', [`@canswarm/${target}`]: '0.1.0', multiformats: '14.0.5' };
  return {
    [`${dir}/package.json`]: JSON.stringify({
      name,
      version: '0.1.0',
      dependencies: { ...dependencies, '@canswarm/ports': '0.1.0' },
    }),
    [`${dir}/src/planted.ts`]: `import '@canswarm/${target}';\n`,
    // No package below the others names them back, so that a reversed arrow is not also a cycle.
    ...(dir === 'packages/protocol' ? { 'packages/kernel/src/index.ts': '' } : {}),
  };
}

const impurities: readonly string[] = [
  "import 'node:fs';",
  "export const f = () => import('node:fs');",
  "export type F = import('node:fs').Stats;",
  'Date.now();',
  'new Date();',
  'setTimeout(f, 1);',
  'setInterval(f, 1);',
  'queueMicrotask(f);',
  'Math.random();',
  'Math.pow(2, 3);',
  'Math.sqrt(2);',
  "Math['random']();",
  'const m = Math;',
  'performance.now();',
  'process.exit();',
  "globalThis['Date'];",
  'crypto.getRandomValues(a);',
  'new Intl.NumberFormat();',
  '(5).toLocaleString();',
  "a.localeCompare('b');",
  "parseFloat('1');",
  "Number.parseFloat('1');",
  'export const x = 1.5;',
  'export const x = 1e3;',
  'export const x = 9007199254740993;',
  'export const f = (process: number) => process;\nprocess.exit();',
  'export const f = (at: number = Date.now()) => at;',
  'export const f = { Date };',
  'console.log(1);',
];

describe('imports', () => {
  it('passes a clean repository and does read its imports', () => {
    const repository = plant({});
    expect(imports(repository)).toEqual([]);
    expect(repository.sources.length).toBeGreaterThan(6);
  });

  it.each(violations)('catches %s', (_name, files, findings) => {
    expect(brief(imports(plant(files)))).toEqual(findings);
  });

  it.each([
    ["import x from '@canswarm/node';"],
    ["import type { X } from '@canswarm/node';"],
    ["export { x } from '@canswarm/node';"],
    ["export * from '@canswarm/node';"],
    ["export type * from '@canswarm/node';"],
    ["export type X = import('@canswarm/node').X;"],
    ["export const f = () => import('@canswarm/node');"],
    ['export const f = () => import(`@canswarm/node`);'],
    ["export const f = import.meta.resolve('@canswarm/node');"],
    ["/* a */ import /* b */ x from /* c */ '@canswarm/node';"],
  ])('sees %s', (line) => {
    expect(brief(imports(plant({ [kernel]: `${line}\n` })))).toEqual([`undeclared ${kernel}:1`]);
  });

  it.each([
    ["// import '@canswarm/node';"],
    ['export const s = "import \'@canswarm/node\'";'],
    ["export const s = `import('@canswarm/node')`;"],
    ["export const r = /import '@canswarm/;"],
  ])('does not see an import in %s', (line) => {
    expect(imports(plant({ [kernel]: `${line}\n` }))).toEqual([]);
  });

  it.each(impurities)('keeps kernel and protocol free of %s', (text) => {
    const line = text.split('\n').length;
    for (const path of [kernel, 'packages/protocol/src/planted.ts']) {
      expect(brief(imports(plant({ [path]: `${text}\n` })))).toEqual([`purity ${path}:${line}`]);
    }
    // Where purity is not promised, the same text is nobody's business.
    expect(imports(plant({ [local]: `${text}\n` }))).toEqual([]);
  });

  it('lets one file use the square root, to correct it to an integer', () => {
    expect(imports(plant({ 'packages/kernel/src/isqrt.ts': 'Math.floor(Math.sqrt(4));\n' }))).toEqual([]);
  });

  it('keeps time, chance and the locale out of the node, which may use floats and node modules', () => {
    const dir = 'packages/node';
    const path = `${dir}/src/planted.ts`;
    const files = arrow(dir, 'kernel');
    expect(
      imports(
        plant({
          ...files,
          [path]: "import 'node:path';\nexport const x = [1.5 * Math.PI, new Intl.Segmenter('en')];\n",
        }),
      ),
    ).toEqual([]);
    for (const text of ['Date.now();', 'setTimeout(f, 1);', 'Math.random();', "a.localeCompare('b');"]) {
      expect(brief(imports(plant({ ...files, [path]: `${text}\n` })))).toEqual([`ambient ${path}:1`]);
    }
  });

  it('catches packages that import each other', () => {
    const files = { ...arrow('packages/ports', 'local'), ...{ [local]: "import '@canswarm/ports';\n" } };
    expect(brief(imports(plant(files)))).toEqual([
      'arrows packages/ports/src/planted.ts:1',
      'package-cycle packages/adapters/local/package.json:1',
    ]);
  });
});

describe('findCycles', () => {
  const graph = (edges: string) => {
    const result = new Map<string, Set<string>>();
    for (const [from = '', to = ''] of edges.split(' ')) result.set(from, (result.get(from) ?? new Set()).add(to));
    return result;
  };

  it.each([
    ['ab bc ac', []],
    ['ab ba', [['a', 'b']]],
    ['aa', [['a']]],
    [
      'ab bc ca cd de ed',
      [
        ['a', 'b', 'c'],
        ['d', 'e'],
      ],
    ],
    ['ax bx xb cy', [['b', 'x']]],
  ])('%s', (edges, cycles) => {
    expect(findCycles(graph(edges))).toEqual(cycles);
  });
});
