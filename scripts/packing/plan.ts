import { posix } from 'node:path';
import type { Package, Repository } from '../repository/repository.ts';

/** A package.json as it stands. */
export type Fields = Readonly<Record<string, unknown>>;

/** A folder of the workspace whose files go into a package. */
export interface Part {
  readonly dir: string;
  /** Where its files stand in the package: '' or a folder, `cli/`. */
  readonly into: string;
  readonly fields: Fields;
  /** What is built or copied, with paths below `dir`. */
  readonly files: readonly string[];
}

/** One package to publish: its own part first, then those that travel inside it. */
export interface PackagePlan {
  readonly name: string;
  readonly version: string;
  readonly parts: readonly [Part, ...Part[]];
}

/** Folders that a package is made of when its package.json names none under `files`. */
const FOLDERS = ['src', 'bin'];

/**
 * What there is to publish: every workspace package that is not private. A private one with `publishedIn` travels inside
 * the package of that name, in a folder of its own; see docs/adr/0004-one-published-name.md.
 */
export function planPackages(repository: Repository): PackagePlan[] {
  const members = repository.packages.map((member) => ({ member, fields: fieldsOf(repository, member) }));
  const published = members.filter(({ fields }) => fields['private'] !== true && fields['publishedIn'] === undefined);
  const names = new Set(published.map(({ member }) => member.manifest.name));
  for (const { member, fields } of members) {
    const host = fields['publishedIn'];
    if (host === undefined || (typeof host === 'string' && names.has(host))) continue;
    throw new Error(`${member.dir}/package.json: it is to be published in ${String(host)}, which is not published`);
  }
  return published.map(({ member, fields }) => {
    const guests = members
      .filter((other) => other.fields['publishedIn'] === member.manifest.name)
      .map((other) => partOf(repository, other.member, other.fields, `${posix.basename(other.member.dir)}/`));
    const { name, version } = member.manifest;
    return { name, version, parts: [partOf(repository, member, fields, ''), ...guests] };
  });
}

function fieldsOf(repository: Repository, { dir }: Package): Fields {
  return JSON.parse(repository.read(`${dir}/package.json`));
}

function partOf(repository: Repository, { dir }: Package, fields: Fields, into: string): Part {
  const named = fields['files'];
  const folders = Array.isArray(named) ? named.map(String) : FOLDERS;
  const below = repository.files.filter((path) => path.startsWith(`${dir}/`)).map((path) => path.slice(dir.length + 1));
  const files = below.filter((path) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`)));
  return { dir, into, fields, files };
}

/** True for a file that is compiled; declarations are copied like any other file. */
export function isCompiled(path: string): boolean {
  return path.endsWith('.ts') && !path.endsWith('.d.ts');
}
