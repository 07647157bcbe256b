import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { Repository } from '../repository/repository.ts';
import { builtPath, publishedManifest, typesPath } from './manifest.ts';
import { withoutDeadLinks } from './markdown.ts';
import { isCompiled, type PackagePlan, type Part } from './plan.ts';

/**
 * Lays a package out in `folder` as it will be published. Every file has the place of its source, only the suffix differs, so
 * that addresses relative to a module (a worker's entry, `../package.json`) hold as they do in the repository.
 */
export function stagePackage(repository: Repository, plan: PackagePlan, built: string, folder: string): void {
  const [own] = plan.parts;
  const copies = new Map([['LICENSE', join(repository.root, 'LICENSE')]]);
  for (const part of plan.parts) for (const [path, from] of filesOf(repository, part, built)) copies.set(path, from);
  copies.set('README.md', join(repository.root, own.dir, 'README.md'));
  const carried = new Set(copies.keys());
  for (const [path, from] of copies) {
    const to = join(folder, path);
    mkdirSync(dirname(to), { recursive: true });
    if (path.endsWith('.md')) writeFileSync(to, withoutDeadLinks(path, readFileSync(from, 'utf8'), carried));
    else if (path.endsWith('.js')) writeFileSync(to, withGuestsByPath(path, readFileSync(from, 'utf8'), plan));
    else cpSync(from, to);
  }
  const manifest = publishedManifest(plan);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const path of Object.values(manifest['bin'] ?? {})) chmodSync(join(folder, path), 0o755);
}

/** A guest has no name in the package: those that import it by name here find it by its path there. */
export function withGuestsByPath(path: string, text: string, { parts: [, ...guests] }: PackagePlan): string {
  return guests.reduce((before, { into, fields }) => {
    const named = new RegExp(`(\\bfrom\\s*|\\bimport\\s*\\(?\\s*)(['"])${String(fields['name'])}\\2`, 'g');
    const door = posix.relative(posix.dirname(path), `${into}src/index.js`);
    return before.replace(named, `$1$2${door.startsWith('.') ? door : `./${door}`}$2`);
  }, text);
}

/** Files of a part by their path in the package, and where they are now. Nobody can import a guest, so it has no types. */
function* filesOf(repository: Repository, { dir, into, files }: Part, built: string): Generator<[string, string]> {
  for (const path of files) {
    const source = posix.join(dir, path);
    if (!isCompiled(path)) yield [`${into}${path}`, join(repository.root, source)];
    else {
      yield [`${into}${builtPath(path)}`, join(built, builtPath(source))];
      if (into === '') yield [typesPath(path), join(built, typesPath(source))];
    }
  }
}
