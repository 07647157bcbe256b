import type { Files } from '@canswarm/agent';
import { LOCKFILE, LOCKFILE_BYTES_MAX, PACKAGES_MAX, PATH_BYTES_MAX, WORD_BYTES_MAX } from '../rules.ts';
import { type JsonNode, parseTree } from './json-tree.ts';
import { fits } from './words.ts';

/** A package of the lockfile as the check reads it. */
export interface DuePackage {
  readonly path: string;
  readonly name: string;
  /** The name that the manifest must have when it has one, or null. */
  readonly nameDue: string | null;
  readonly version: string | null;
  readonly entry: JsonNode;
}

export interface DueLock {
  readonly packages: ReadonlyMap<string, DuePackage>;
  /** Path and reason of entries that are no package. */
  readonly unusable: readonly (readonly [string, string])[];
  readonly links: number;
  readonly development: number;
}

/** A member's value; undefined when the node is no object that has it. */
export const memberOf = (node: JsonNode | undefined, key: string): JsonNode | undefined =>
  node?.type === 'object' ? node.members.get(key)?.value : undefined;

export const textOf = (node: JsonNode | undefined): string | undefined =>
  node?.type === 'string' ? node.value : undefined;

/** The lockfile of the input; why it is none as a text. */
export async function readLock(files: Files, production: boolean): Promise<DueLock | string> {
  const size = files.size(LOCKFILE);
  if (size === undefined) return `the input has no ${LOCKFILE}`;
  if (size > LOCKFILE_BYTES_MAX) return `the input's ${LOCKFILE} is too large`;
  const root = parseTree(await files.bytes(LOCKFILE));
  const version = memberOf(root, 'lockfileVersion');
  const number = version?.type === 'number' ? Number(version.text) : undefined;
  const packages = memberOf(root, 'packages');
  if ((number !== 2 && number !== 3) || packages?.type !== 'object')
    return `the input's ${LOCKFILE} is no lockfile of version 2 or 3`;
  const due = new Map<string, DuePackage>();
  const unusable: (readonly [string, string])[] = [];
  let links = 0;
  let development = 0;
  for (const [path, { value: entry }] of packages.members) {
    if (path === '') continue;
    if (isTrue(memberOf(entry, 'link'))) links += 1;
    else if (production && isTrue(memberOf(entry, 'dev'))) development += 1;
    else {
      const one = duePackage(path, entry);
      if (typeof one === 'string') unusable.push([path, one]);
      else due.set(path, one);
    }
  }
  return due.size > PACKAGES_MAX
    ? `the input's ${LOCKFILE} has more than ${PACKAGES_MAX} packages`
    : { packages: due, unusable, links, development };
}

const isTrue = (node: JsonNode | undefined): boolean => node?.type === 'boolean' && node.text === 'true';

function duePackage(path: string, entry: JsonNode): DuePackage | string {
  if (!fits(path, PATH_BYTES_MAX)) return 'path';
  if (entry.type !== 'object') return 'entry';
  const said = textOf(memberOf(entry, 'name'));
  const version = textOf(memberOf(entry, 'version'));
  if (said !== undefined && !fits(said, WORD_BYTES_MAX)) return 'name';
  if (version !== undefined && !fits(version, WORD_BYTES_MAX)) return 'version';
  // The last folder named node_modules, and what stands below it.
  const parts = path.split('/');
  const folder = parts.lastIndexOf('node_modules', parts.length - 2);
  const below = folder < 0 ? '' : parts.slice(folder + 1).join('/');
  const nameDue = said ?? (below === '' ? null : below);
  return { path, name: nameDue ?? path, nameDue, version: version ?? null, entry };
}
