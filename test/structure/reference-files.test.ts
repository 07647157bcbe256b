import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { docsFiles } from '../../scripts/generate-docs.ts';
import { ExportFinder } from '../../scripts/reference/exports.ts';
import { packageText } from '../../scripts/reference/package-text.ts';
import { plant } from './planted.ts';

it('the reference of packages and command is what their source says (npm run generate:docs)', async () => {
  for (const [path, text] of await docsFiles())
    expect(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')).toBe(text);
});

const manifest = (name: string): string => JSON.stringify({ name, version: '0.1.0' });

const files = {
  'packages/one/package.json': manifest('one'),
  'packages/one/src/index.ts': "export * from './deep.ts';\nexport { two as second, type Both } from 'two';\n",
  'packages/one/src/deep.ts': [
    '/** Adds.\n * @param b what is added */',
    'export function add(a: number, b: number): number { return a + b; }',
    '/** Keeps. */',
    'export class Kept { readonly #hidden = 1; /** Shown. */ async shown(): Promise<number> { return this.#hidden; } }',
    'const half = 1;',
    'export { half as whole };',
  ].join('\n'),
  'packages/two/package.json': manifest('two'),
  'packages/two/src/index.ts':
    '/** Says < two. */\nexport const two = (a: string): string => a + a;\nexport interface Both { a: 1 }\n',
};

describe('the page of a package', () => {
  const text = (elsewhere: ReadonlyMap<string, string>): string =>
    packageText({
      name: 'one',
      about: 'It is one.',
      exports: new ExportFinder(plant(files)).exportsOf('one'),
      elsewhere,
    });

  it('has every export with its docstring and without its body', () => {
    const page = text(new Map());
    expect(page).toContain(
      '### `add`\n\nAdds.\n- `b`: what is added\n\n```ts\nfunction add(a: number, b: number): number;\n```',
    );
    expect(page).toContain('class Kept {\n  /** Shown. */\n  shown(): Promise<number>;\n}');
    expect(page).toContain('### `second`\n\nSays \\< two.\n\n```ts\nconst second = (a: string): string => ...;\n```');
    expect(page).toContain('### `whole`\n\n```ts\nconst whole = 1;\n```');
    expect(page).toContain('## Types\n\n### `Both`');
    expect(page).not.toContain('hidden');
  });

  it('names what another page has', () => {
    const page = text(new Map([['two', 'two.md']]));
    expect(page).toContain('Passed on from [`two`](two.md): `Both`, `second`.');
    expect(page).not.toContain('### `second`');
  });

  it('is not written for an export that nobody declares', () => {
    const broken = plant({ ...files, 'packages/one/src/index.ts': "export { gone } from './deep.ts';\n" });
    expect(() => new ExportFinder(broken).exportsOf('one')).toThrow('declares no gone');
  });
});
