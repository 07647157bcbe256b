import type { Files } from '@canswarm/agent';
import { compareText, utf8Length } from '@canswarm/protocol';
import { LOCKFILE, LOCKFILE_BYTES_MAX, PACKAGES_MAX, PATH_BYTES_MAX, WORD_BYTES_MAX } from '../rules.ts';
import { type JsonText, type Member, memberAt, membersAt, readJson } from './json-members.ts';
import { isRecord } from './record.ts';

/** A package as the lockfile has it. */
export interface LockedPackage {
  readonly path: string;
  readonly name: string;
  /** Whether the name is one that the manifest must have, or just the path. */
  readonly named: boolean;
  readonly version: string | null;
  readonly entry: Readonly<Record<string, unknown>>;
  /** Where the entry's object begins in the lockfile, bytes. */
  readonly entryStart: number;
}

/** An entry that is no package that can be audited. */
export interface UnusableEntry {
  readonly what: 'package';
  readonly text: string;
  readonly reason: 'path' | 'entry' | 'name' | 'version';
}

export interface Lockfile {
  readonly json: JsonText;
  /** Sorted by the bytes of their paths, each once. */
  readonly packages: readonly LockedPackage[];
  readonly unusable: readonly UnusableEntry[];
  /** Entries that only link to a folder of the project. */
  readonly links: number;
  /** Entries left out as needed for development only. */
  readonly development: number;
}

const FOLDER = 'node_modules/';
const SHOWN_MAX = 128;
const CONTROL = /\p{Cc}/u;

/** Reads the lockfile among the files. Throws an Error that says what is wrong with it, and what to do. */
export async function readLockfile(files: Files, production: boolean): Promise<Lockfile> {
  const size = files.size(LOCKFILE);
  if (size === undefined)
    throw new Error(`there is no ${LOCKFILE} among the files: give the lockfile under this very name`);
  if (size > LOCKFILE_BYTES_MAX) throw new Error(`${LOCKFILE} has ${size} bytes, more than ${LOCKFILE_BYTES_MAX}`);
  const json = readJson(await files.bytes(LOCKFILE));
  if (json === undefined || !isRecord(json.value))
    throw new Error(`${LOCKFILE} is no JSON object in UTF-8, so it is no lockfile of npm`);
  const version = Object.hasOwn(json.value, 'lockfileVersion') ? json.value['lockfileVersion'] : undefined;
  if (version !== 2 && version !== 3)
    throw new Error(
      `${LOCKFILE} has lockfileVersion ${JSON.stringify(version)}, not 2 or 3: "npm install --package-lock-only" of npm 7 or later writes one`,
    );
  const packages = Object.hasOwn(json.value, 'packages') ? json.value['packages'] : undefined;
  const member = memberAt(json.bytes, json.start, 'packages');
  if (!isRecord(packages) || member === undefined) throw new Error(`${LOCKFILE} has no object "packages"`);
  return sortOut(json, packages, member, production);
}

function sortOut(
  json: JsonText,
  packages: Readonly<Record<string, unknown>>,
  { valueStart }: Member,
  production: boolean,
): Lockfile {
  // The last of a path counts, as it does for JSON.parse.
  const starts = new Map(membersAt(json.bytes, valueStart).map((member) => [member.key, member.valueStart]));
  const found: LockedPackage[] = [];
  const unusable: UnusableEntry[] = [];
  let links = 0;
  let development = 0;
  for (const [path, entryStart] of starts) {
    if (path === '') continue;
    const entry = packages[path];
    if (isRecord(entry) && own(entry, 'link') === true) links += 1;
    else if (isRecord(entry) && production && own(entry, 'dev') === true) development += 1;
    else {
      const read = lockedPackage(path, entry, entryStart);
      if ('reason' in read) unusable.push(read);
      else found.push(read);
    }
  }
  if (found.length > PACKAGES_MAX)
    throw new Error(`${LOCKFILE} has ${found.length} packages, more than ${PACKAGES_MAX} in one audit`);
  found.sort((a, b) => compareText(a.path, b.path));
  unusable.sort((a, b) => compareText(a.text, b.text) || compareText(a.reason, b.reason));
  return { json, packages: found, unusable, links, development };
}

function lockedPackage(path: string, entry: unknown, entryStart: number): LockedPackage | UnusableEntry {
  const refuse = (reason: UnusableEntry['reason']): UnusableEntry => ({ what: 'package', text: shown(path), reason });
  if (!isPlain(path, PATH_BYTES_MAX)) return refuse('path');
  if (!isRecord(entry)) return refuse('entry');
  const said = own(entry, 'name');
  const version = own(entry, 'version');
  const last = path.lastIndexOf(FOLDER);
  const byPath = last === -1 || (last > 0 && path[last - 1] !== '/') ? '' : path.slice(last + FOLDER.length);
  const name = typeof said === 'string' ? said : byPath === '' ? path : byPath;
  if (typeof said === 'string' && !isPlain(name, WORD_BYTES_MAX)) return refuse('name');
  if (typeof version === 'string' && !isPlain(version, WORD_BYTES_MAX)) return refuse('version');
  const named = typeof said === 'string' || byPath !== '';
  return { path, name, named, version: typeof version === 'string' ? version : null, entry, entryStart };
}

const own = (entry: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(entry, key) ? entry[key] : undefined;

/** Text that may stand in an output: not empty, well-formed, without control characters, not too long. */
export function isPlain(text: string, bytesMax: number): boolean {
  return text !== '' && text.isWellFormed() && !CONTROL.test(text) && utf8Length(text) <= bytesMax;
}

/** The beginning of any text, well-formed. */
export const shown = (text: string): string => text.slice(0, SHOWN_MAX).toWellFormed();
