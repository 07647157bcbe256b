import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, parseManifest } from './manifest.ts';
import { parseSource, type Source } from './source.ts';

/** A workspace package: its folder (`packages/kernel`) and its package.json. */
export interface Package {
  readonly dir: string;
  readonly manifest: Manifest;
}

/** The repository's own files: everything under the root but what Git ignores by folder, with paths in posix form. */
export interface Repository {
  readonly root: string;
  readonly files: readonly string[];
  readonly manifest: Manifest;
  readonly packages: readonly Package[];
  readonly sources: readonly Source[];
  read(path: string): string;
}

export function openRepository(root: string): Repository {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const files = listFiles(root, ignoredFolders(root));
  const manifest = parseManifest('package.json', read('package.json'));
  return {
    root,
    files,
    manifest,
    packages: findPackages(files, manifest.workspaces, read),
    sources: files.filter((path) => path.endsWith('.ts')).map((path) => parseSource(path, read(path))),
    read,
  };
}

/** The package that a file belongs to, or undefined for files of the root. */
export function packageOf(repository: Repository, path: string): Package | undefined {
  return repository.packages.find((candidate) => path.startsWith(`${candidate.dir}/`));
}

/** Folder lines of .gitignore (`name/` anywhere, `/name/` at the root), and Git's own folder. */
function ignoredFolders(root: string): ReadonlySet<string> {
  const file = join(root, '.gitignore');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return new Set(['.git/', ...lines.filter((line) => line.endsWith('/'))]);
}

function listFiles(root: string, ignored: ReadonlySet<string>, folder = ''): string[] {
  const files: string[] = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!ignored.has(`${entry.name}/`) && !ignored.has(`/${path}/`)) files.push(...listFiles(root, ignored, path));
    } else if (entry.isFile()) {
      files.push(path);
    }
  }
  return files.sort();
}

function findPackages(
  files: readonly string[],
  workspaces: readonly string[],
  read: (path: string) => string,
): Package[] {
  const patterns = workspaces.map((pattern) => new RegExp(`^${pattern.replaceAll('*', '[^/]+')}/package\\.json$`));
  return files
    .filter((path) => patterns.some((pattern) => pattern.test(path)))
    .map((path) => ({ dir: path.slice(0, -'/package.json'.length), manifest: parseManifest(path, read(path)) }));
}
