import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Node } from 'oxc-parser';
import { importsOf, packageName, resolveRelative } from '../../scripts/imports/specifiers.ts';
import { parseSource, type Source } from '../../scripts/repository/source.ts';
import { walk } from '../../scripts/repository/walk.ts';
import { filesIn, manifestIn } from './folder.ts';

/**
 * Imports of an unpacked package's JavaScript and declarations that lead nowhere: to a file that is not in it, or to a
 * package that it does not declare. A package may name itself.
 */
export function importProblems(folder: string): string[] {
  const files = new Set(filesIn(folder));
  const { name = '', dependencies, peerDependencies } = manifestIn(folder);
  const declared = new Set([name, ...Object.keys({ ...dependencies, ...peerDependencies })]);
  const problems: string[] = [];
  for (const path of files) {
    if (!path.endsWith('.js') && !path.endsWith('.d.ts')) continue;
    const source = parseSource(path, readFileSync(join(folder, path), 'utf8'));
    problems.push(...source.errors.map((error) => `${path} cannot be read: ${error}`));
    for (const { specifier } of importsOf(source)) {
      if (specifier === undefined || specifier.startsWith('node:')) continue;
      const relative = resolveRelative(path, specifier);
      const known = relative === undefined ? declared.has(packageName(specifier)) : leads(files, path, relative);
      if (!known) problems.push(`${path} imports ${specifier}`);
    }
    for (const address of addressesOf(source)) {
      if (!files.has(resolveRelative(path, address) ?? '')) problems.push(`${path} names ${address}`);
    }
  }
  return problems;
}

/** JavaScript imports the file itself; declarations may name a source where its declarations stand. */
function leads(files: ReadonlySet<string>, from: string, target: string): boolean {
  if (files.has(target)) return true;
  return from.endsWith('.d.ts') && files.has(target.replace(/\.(ts|js)$/, '.d.ts'));
}

/**
 * Relative addresses in `new URL(x, import.meta.url)`, such as a worker's entry. Where `x` chooses between a source and its
 * built file, the built file is meant here.
 */
function addressesOf(source: Source): string[] {
  const addresses: string[] = [];
  walk(source.program, (node) => {
    const [target, base] = node.type === 'NewExpression' ? node.arguments : [];
    if (target === undefined || base?.type !== 'MemberExpression' || base.object.type !== 'MetaProperty')
      return undefined;
    const named = relativeTexts(target);
    const built = named.filter((text) => !text.endsWith('.ts'));
    addresses.push(...(built.length > 0 ? built : named));
    return undefined;
  });
  return addresses;
}

function relativeTexts(node: Node): string[] {
  const texts: string[] = [];
  walk(node, (below) => {
    if (below.type === 'Literal' && typeof below.value === 'string' && /^\.\.?\//.test(below.value)) {
      texts.push(below.value);
    }
    return undefined;
  });
  return texts;
}
